// Draws a Plotly figure with the plotter that lies beside the extension: an expression, which the
// extensions of both pages hold a copy of. `base` is the address of their folder.
(() => {
  const loading = new Map();
  const load = (address) => {
    if (!loading.has(address)) {
      const loaded = fetch(address).then(async (answer) => {
        if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
        const module = { exports: {} };
        new Function("module", "exports", await answer.text())(module, module.exports);
        return module.exports;
      });
      loading.set(address, loaded);
    }
    return loading.get(address);
  };
  return async (element, base, { data, layout, config }) => {
    const isScene = Object.keys(layout).some((key) => key.startsWith("scene"));
    const plotter = await load(`${base}/${isScene ? "plotly-gl3d" : "plotly-cartesian"}.min.js`);
    const frame = element.querySelector(":scope > .carbonbook-figure") ?? framed(element);
    const sheet = frame.firstElementChild;
    await plotter.newPlot(sheet, data, layout, { ...config, responsive: false });
    fit(frame);
  };
  // A page narrower than the figure shows the whole figure, smaller; Plotly finds the mouse all the same.
  function framed(element) {
    const frame = element.appendChild(document.createElement("div"));
    frame.className = "carbonbook-figure";
    frame.style.overflow = "hidden";
    frame.appendChild(document.createElement("div")).style.transformOrigin = "0 0";
    new ResizeObserver(() => fit(frame)).observe(frame);
    return frame;
  }
  function fit(frame) {
    const sheet = frame.firstElementChild;
    const { width, height } = sheet.layout ?? {};
    if (!width || !height || frame.clientWidth === 0) return;
    const scale = Math.min(1, frame.clientWidth / width);
    sheet.style.transform = scale < 1 ? `scale(${scale})` : "";
    sheet.style.width = `${width}px`;
    frame.style.height = `${height * scale}px`;
  }
})();
