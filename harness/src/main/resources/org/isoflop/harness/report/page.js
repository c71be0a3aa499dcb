// Draws the figures into the page, again when it changes its width or colours, or a button is pressed.

for (const button of document.querySelectorAll("[data-chooses]")) {
  const [what, value] = button.dataset.chooses.split(":");
  if (button.getAttribute("aria-pressed") === "true") chosen[what] = value;
  button.addEventListener("click", () => {
    chosen[what] = value;
    for (const other of document.querySelectorAll(`[data-chooses^="${what}:"]`)) {
      other.setAttribute("aria-pressed", String(other === button));
    }
    drawn.forEach(draw);
  });
}

for (const button of document.querySelectorAll("[data-hides]")) {
  const what = button.dataset.hides;
  button.addEventListener("click", () => {
    if (!hidden.delete(what)) hidden.add(what);
    for (const same of document.querySelectorAll(`[data-hides="${what}"]`)) {
      same.setAttribute("aria-pressed", String(!hidden.has(what)));
    }
    drawn.forEach(draw);
  });
}

const drawn = figures
  .map((one) => ({ ...one, element: document.getElementById(one.id) }))
  .filter(({ element }) => element !== null);

function draw(one) {
  one.chart.dispatchAction({ type: "hideTip" });
  one.chart.resize();
  // Only the series are replaced: a new tooltip under an open one would be an error in ECharts.
  one.chart.setOption(one.option(one.element.clientWidth), { replaceMerge: ["series"] });
}

for (const one of drawn) {
  one.chart = echarts.init(one.element, null, { renderer: one.renderer });
  draw(one);
  let width = one.element.clientWidth;
  new ResizeObserver(() => {
    if (one.element.clientWidth !== width) {
      width = one.element.clientWidth;
      draw(one);
    }
  }).observe(one.element);
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => drawn.forEach(draw));
