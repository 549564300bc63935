// The page of Jupyter Notebook 6: shows figures as Plotly figures that answer to the mouse.
define(["base/js/namespace", "notebook/js/outputarea", "require"], (
  Jupyter,
  outputarea,
  require,
) => {
  const TYPE = "application/vnd.plotly.v1+json";
  const base = require.toUrl("./").replace(/\/[^/]*$/, "");
  const draw = FIGURE;

  function append(figure, metadata, element) {
    const area = this.create_output_subarea(metadata, "output_plotly rendered_html", TYPE);
    this.keyboard_manager.register_events(area);
    element.append(area);
    draw(area[0], base, figure).catch((error) =>
      area.text(`The figure was not drawn: ${error.message}`),
    );
    return area;
  }

  return {
    load_ipython_extension() {
      outputarea.OutputArea.prototype.register_mime_type(TYPE, append, { safe: true, index: 0 });
      for (const cell of Jupyter.notebook?.get_cells() ?? []) {
        const outputs = cell.output_area?.outputs ?? [];
        if (outputs.some(({ data }) => data !== undefined && TYPE in data)) {
          Jupyter.notebook.render_cell_output(cell);
        }
      }
    },
  };
});
