/** The look of pages: one style for the gallery and the notebooks, light and dark, phone and print. */

/** Style sheet of every page. */
export const PAGE_STYLE = `
:root{--ground:#fff;--card:#fff;--text:#16222c;--muted:#4a5a67;--line:#c9d2d9;--soft:#f3f6f8;--link:#0b4f8a;
--good:#00603f;--bad:#a12a00;--other:#4a5a67;--code:#f3f6f8;
--red:#a1260d;--green:#00603f;--yellow:#7a4d00;--blue:#0b4f8a;--magenta:#8a1f68;--cyan:#0a5a6b;color-scheme:light}
@media (prefers-color-scheme:dark){:root{--ground:#10171d;--card:#17212a;--text:#e6edf2;--muted:#a9b8c4;--line:#3a4854;--soft:#1b2731;--link:#8cc4f5;
--good:#6fd6a8;--bad:#ffa07a;--other:#a9b8c4;--code:#1b2731;
--red:#ff9c85;--green:#6fd6a8;--yellow:#f0c26a;--blue:#8cc4f5;--magenta:#eba3d0;--cyan:#7fd4e6;color-scheme:dark}}
*{box-sizing:border-box}
html{scroll-padding-top:1rem}
body{margin:0;background:var(--ground);color:var(--text);font:1rem/1.55 Inter,'Helvetica Neue',Arial,sans-serif}
a{color:var(--link)}
a:focus-visible,button:focus-visible,summary:focus-visible,[tabindex]:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.skip{position:absolute;left:-9999px}
.skip:focus{left:1rem;top:1rem;background:var(--card);padding:.5rem;z-index:2}
header,main{max-width:76rem;margin:0 auto;padding:.5rem 1rem}
h1{font-size:1.7rem;line-height:1.25;margin:.5rem 0}
h2{font-size:1.35rem;margin:2rem 0 .75rem;border-bottom:1px solid var(--line);padding-bottom:.25rem}
h3{font-size:1.1rem;margin:0 0 .5rem;line-height:1.35}
figure{margin:0}
img{max-width:100%;height:auto}
table{border-collapse:collapse;font-size:.94rem}
th,td{border:1px solid var(--line);padding:.35rem .6rem;text-align:left;vertical-align:top}
th{background:var(--soft)}
caption{text-align:left;padding:.35rem 0;color:var(--muted)}
.scroll{overflow-x:auto;max-width:100%}
.note{color:var(--muted)}
button{font:inherit;color:var(--link);background:var(--card);border:1px solid var(--link);border-radius:.4rem;padding:.35rem .8rem;cursor:pointer}
pre{overflow:auto;max-height:40rem;background:var(--code);border-radius:.4rem;padding:.75rem;margin:.5rem 0;font:.86rem/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;white-space:pre}
code{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.95em}
@media print{.explore,nav,.skip{display:none}body{background:#fff;color:#000}}
`;

/** Style sheet of notebooks, after that of every page. */
export const NOTEBOOK_STYLE = `
header,main{max-width:60rem}
.cell{margin:0 0 1.25rem;min-width:0}
.code{border-left:4px solid var(--line);padding-left:.75rem}
.failed{border-left-color:var(--bad)}
.count{color:var(--muted);font-size:.85rem;margin:0}
.injected{border-left-color:var(--yellow)}
.banner{border:2px solid var(--bad);border-radius:.4rem;padding:.75rem}
.error{border:2px solid var(--bad)}
.stderr{border-left:4px solid var(--yellow)}
.display img{background:#fff;border-radius:.4rem}
.plotly .plot{background:#fff;overflow-x:auto}
.ansi-red{color:var(--red)}.ansi-green{color:var(--green)}.ansi-yellow{color:var(--yellow)}.ansi-blue{color:var(--blue)}.ansi-magenta{color:var(--magenta)}.ansi-cyan{color:var(--cyan)}
.ansi-bold{font-weight:700}.ansi-italic{font-style:italic}.ansi-underline{text-decoration:underline}
.hljs-keyword,.hljs-built_in,.hljs-literal{color:var(--magenta)}.hljs-string,.hljs-regexp,.hljs-template-variable{color:var(--green)}.hljs-number{color:var(--yellow)}.hljs-comment,.hljs-doctag{color:var(--muted);font-style:italic}.hljs-title,.hljs-attr,.hljs-property{color:var(--blue)}.hljs-type,.hljs-params,.hljs-variable{color:var(--cyan)}
`;
