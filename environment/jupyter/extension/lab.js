// The page of JupyterLab and Notebook 7: the same, as a prebuilt extension (module federation).
(() => {
  const TYPE = "application/vnd.plotly.v1+json";
  const base = document.currentScript.src.replace(/\/[^/]*$/, "");
  const draw = FIGURE;
  let shared;

  async function plugin() {
    const [widgets] = Object.values(shared["@lumino/widgets"]);
    const { Widget } = (await widgets.get())();
    class Figure extends Widget {
      async renderModel(model) {
        try {
          await draw(this.node, base, model.data[TYPE]);
        } catch (error) {
          this.node.textContent = `The figure was not drawn: ${error.message}`;
        }
      }
    }
    return {
      id: "carbonbook:figure",
      rendererFactory: { safe: true, mimeTypes: [TYPE], createRenderer: () => new Figure() },
      rank: 0,
      dataType: "json",
    };
  }

  globalThis._JUPYTERLAB ??= {};
  globalThis._JUPYTERLAB.carbonbook = {
    init: (scope) => {
      shared = scope;
    },
    get: async () => {
      const made = await plugin();
      return () => ({ __esModule: true, default: made });
    },
  };
})();
