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
    await plotter.newPlot(element, data, layout, { ...config, responsive: false });
  };
})();
