/** The gallery's own style and its one script. */

/** Style sheet of the gallery, after that of every page. */
export const GALLERY_STYLE = `
nav ul{display:flex;flex-wrap:wrap;gap:.35rem 1rem;padding:0;margin:.5rem 0;list-style:none}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,34rem),1fr));gap:1.25rem}
.card{background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:1rem;min-width:0}
.card.wide,.card.open{grid-column:1/-1}
.card p{margin:.5rem 0}
.view img{display:block;background:#fff;border-radius:.4rem;width:100%;height:auto}
.view iframe{display:block;width:100%;border:1px solid var(--line);border-radius:.4rem;background:#fff}
.label{display:inline-block;font-size:.88rem;border:1px solid var(--line);border-left-width:6px;border-radius:.3rem;padding:.1rem .5rem}
.label.real{border-left-color:#009e73}.label.twin{border-left-color:#e69f00}.label.form{border-left-color:#0b4f8a}
.links{display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:center;font-size:.94rem}
.verdict{font-weight:600;white-space:nowrap}.verdict.good{color:var(--good)}.verdict.bad{color:var(--bad)}.verdict.other{color:var(--other)}
td,th{overflow-wrap:break-word;min-width:6.5rem;max-width:28rem}
th[scope=row]{font-weight:400;min-width:12rem}
dl{display:grid;grid-template-columns:minmax(6rem,max-content) 1fr;gap:.25rem 1rem;margin:.25rem 0}
dt{color:var(--muted)}dd{margin:0;overflow-wrap:anywhere;min-width:0}
summary{cursor:pointer}.scroll+details{margin-top:.75rem}
nav .jumps{font-size:.94rem;gap:.1rem .9rem;margin:.5rem 0 1rem}.jumps a{display:inline-block;padding:.15rem 0}
.view{overflow-x:auto}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@media (max-width:40rem){.card.wide .view img{width:36rem;max-width:none}
.claims caption{display:block}.claims thead{display:none}.claims,.claims tbody,.claims tr,.claims th,.claims td{display:block;border:0;max-width:none}
.claims tr{border:1px solid var(--line);border-radius:.4rem;margin-bottom:.75rem}.claims td:empty{display:none}
.claims td::before{content:attr(data-label) ": ";color:var(--muted)}
dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.5rem}.card{padding:.75rem}}
`;

/** Opens the interactive page of a figure in place of its picture, and closes it again. */
export const GALLERY_SCRIPT = `
for (const button of document.querySelectorAll(".explore")) button.addEventListener("click", () => {
  const card = button.closest(".card");
  const view = card.querySelector(".view");
  const opened = view.querySelector("iframe");
  if (opened) {
    opened.remove();
    view.firstElementChild.hidden = false;
  } else {
    const frame = document.createElement("iframe");
    frame.title = card.querySelector("h3").textContent + " (interactive)";
    frame.height = Number(button.dataset.height) + 24;
    frame.setAttribute("sandbox", "allow-scripts allow-downloads");
    frame.src = button.dataset.page;
    view.firstElementChild.hidden = true;
    view.append(frame);
  }
  card.classList.toggle("open", !opened);
  button.setAttribute("aria-expanded", String(!opened));
  button.firstChild.textContent = opened ? "Explore" : "Close";
});
`;
