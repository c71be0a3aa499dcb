// Draws the figures into the page, again when it changes its width or colours, or a budget is hidden.

const figures = [
  ["isoflop-chart", isoflop, "svg"],
  ["params-chart", frontier("params", "N", "params"), "svg"],
  ["tokens-chart", frontier("tokens", "D", "tokens"), "svg"],
  ["training-chart", training, "canvas"],
]
  .map(([id, option, renderer]) => ({ element: document.getElementById(id), option, renderer }))
  .filter(({ element }) => element !== null);

function draw(figure) {
  figure.chart.dispatchAction({ type: "hideTip" });
  figure.chart.resize();
  // Only the series are replaced: a new tooltip under an open one would be an error in ECharts.
  figure.chart.setOption(figure.option(figure.element.clientWidth), { replaceMerge: ["series"] });
}

for (const figure of figures) {
  figure.chart = echarts.init(figure.element, null, { renderer: figure.renderer });
  draw(figure);
  let width = figure.element.clientWidth;
  new ResizeObserver(() => {
    if (figure.element.clientWidth !== width) {
      width = figure.element.clientWidth;
      draw(figure);
    }
  }).observe(figure.element);
}

for (const button of document.querySelectorAll(".legend button")) {
  const index = Number(button.dataset.budget);
  button.addEventListener("click", () => {
    if (!hidden.delete(index)) hidden.add(index);
    for (const same of document.querySelectorAll(`.legend button[data-budget="${index}"]`)) {
      same.setAttribute("aria-pressed", String(!hidden.has(index)));
    }
    figures.forEach(draw);
  });
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => figures.forEach(draw));
