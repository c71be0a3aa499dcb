// Draws the figures of the report from the JSON block of the page.
"use strict";
(() => {
  const data = JSON.parse(document.getElementById("report-data").textContent);
  const curves = data.analysis.curves;
  const hidden = new Set();
  const log = Math.log10;

  // ---- numbers, as Numbers.java writes them ------------------------------------------------

  const strip = (text) => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);

  function count(value) {
    if (!(value > 0) || !isFinite(value)) return String(value);
    const rounded = Number(value.toPrecision(3));
    const thousands = Math.max(0, Math.min(4, Math.floor(log(rounded) / 3 + 1e-12)));
    const scaled = rounded / 10 ** (3 * thousands);
    return strip(scaled < 1 ? String(scaled) : scaled.toPrecision(3)) + ["", "k", "M", "B", "T"][thousands];
  }

  function flops(value) {
    const [mantissa, exponent] = value.toExponential(2).split("e");
    return strip(mantissa) + "e" + Number(exponent);
  }

  const nats = (value) => value.toFixed(4) + " nats per token";

  // ---- axes ---------------------------------------------------------------------------------
  // Logarithmic axes are linear axes of log10 values: ECharts' own would tick whole decades only,
  // and a budget's sizes often span barely one.

  function logTicks(low, high, most) {
    const steps = [[1, 1.5, 2, 3, 4, 5, 6, 7, 8, 9], [1, 2, 3, 5, 7], [1, 2, 5], [1, 3], [1]];
    let ticks = [];
    for (const step of steps) {
      ticks = [];
      for (let decade = Math.floor(low); decade <= high; decade++) {
        for (const digit of step) {
          const at = decade + log(digit);
          if (at >= low && at <= high) ticks.push(at);
        }
      }
      if (ticks.length <= most) return ticks;
    }
    const every = Math.ceil(ticks.length / most);
    return ticks.filter((at) => Math.round(at) % every === 0);
  }

  function range(values, margin) {
    const known = values.filter((v) => typeof v === "number" && isFinite(v));
    const low = Math.min(...known);
    const high = Math.max(...known);
    const pad = Math.max((high - low) * margin, 0.05);
    return [low - pad, high + pad];
  }

  function css(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  }

  function axis(extra) {
    return Object.assign(
      {
        type: "value",
        nameTextStyle: { color: css("--soft"), fontSize: 13 },
        axisLine: { show: true, onZero: false, lineStyle: { color: css("--line") } },
        axisTick: { show: true, lineStyle: { color: css("--line") } },
        axisLabel: { color: css("--soft"), fontSize: 12, hideOverlap: true },
        splitLine: { lineStyle: { color: css("--grid") } },
      },
      extra,
    );
  }

  function logAxis(name, [low, high], most, label, extra) {
    const made = axis(Object.assign({ name, min: low, max: high }, extra));
    const ticks = logTicks(low, high, most);
    made.axisTick = Object.assign({ customValues: ticks }, made.axisTick);
    made.axisLabel = Object.assign(
      { customValues: ticks, formatter: (at) => label(10 ** at) },
      made.axisLabel,
    );
    return made;
  }

  const below = { nameLocation: "middle", nameGap: 32 };

  // The name of a vertical axis lies above it, where it needs no turned head.
  function above(align) {
    return {
      nameLocation: "end",
      nameGap: 14,
      nameTextStyle: { color: css("--soft"), fontSize: 13, align: "left", padding: [0, 0, 0, align] },
    };
  }

  // ---- tooltips: built as elements, so that no name in the data can become markup --------------

  function tip(title, lines) {
    const box = document.createElement("div");
    box.className = "tip";
    const head = document.createElement("b");
    head.textContent = title;
    box.append(head);
    for (const line of lines) {
      const row = document.createElement("div");
      row.textContent = line;
      box.append(row);
    }
    return box;
  }

  function base() {
    return {
      animation: false,
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      grid: { left: 54, right: 18, top: 38, bottom: 52, outerBoundsMode: "none" },
      legend: { show: false },
      tooltip: {
        trigger: "item",
        confine: true,
        backgroundColor: css("--ground"),
        borderColor: css("--line"),
        textStyle: { color: css("--ink"), fontSize: 13 },
        formatter: (at) => (at.data && at.data.tip ? tip(...at.data.tip) : ""),
      },
    };
  }

  const colour = (index) => css("--budget-" + index);
  const name = (index) => flops(curves[index].budget) + " FLOPs";
  const shown = () => curves.map((curve, index) => ({ curve, index })).filter(({ index }) => !hidden.has(index));

  // ---- figure 1: loss against parameters ---------------------------------------------------------

  function isoflop(width) {
    const points = curves.flatMap((curve) => curve.points);
    const xs = range(points.map((p) => log(p.params)), 0.04);
    const option = base();
    option.xAxis = logAxis("Parameters N", xs, width / 62, count, below);
    option.yAxis = axis(Object.assign({ name: "Validation loss (nats per token)", scale: true }, above(-46)));
    option.series = shown().flatMap(({ curve, index }) => budgetSeries(curve, index));
    return option;
  }

  function budgetSeries(curve, index) {
    const paint = colour(index);
    const refused = curve.optimum === null;
    const series = [
      {
        type: "line",
        name: name(index),
        data: curve.points.map((p) => ({
          value: [log(p.params), p.loss],
          tip: [
            name(index),
            ["N = " + count(p.params) + " params", "D = " + count(p.tokens) + " tokens", nats(p.loss)].concat(
              p.bits_per_byte === null ? [] : [p.bits_per_byte.toFixed(4) + " bits per byte"],
              refused ? ["no optimum at this budget"] : [],
            ),
          ],
        })),
        symbol: "circle",
        symbolSize: 8,
        lineStyle: { color: paint, width: refused ? 1.2 : 0, type: "dashed" },
        itemStyle: { color: refused ? css("--ground") : paint, borderColor: paint, borderWidth: refused ? 1.8 : 0 },
        z: 3,
      },
    ];
    if (refused) return series;

    const fit = curve.optimum.curve;
    const sizes = curve.points.map((p) => Math.log(p.params));
    const from = Math.min(...sizes);
    const to = Math.max(...sizes);
    const parabola = [];
    for (let i = 0; i <= 80; i++) {
      const at = from + ((to - from) * i) / 80;
      parabola.push([at / Math.LN10, fit.minimum + fit.curvature * (at - fit.vertex) ** 2]);
    }
    series.push({
      type: "line",
      name: name(index),
      data: parabola,
      showSymbol: false,
      silent: true,
      lineStyle: { color: paint, width: 2 },
      z: 2,
    });
    const optimum = curve.optimum;
    const ends = optimum.params_interval.filter((end) => typeof end === "number" && end > 0);
    series.push({
      type: "line",
      name: name(index),
      data: ends.map((end) => [log(end), optimum.loss]),
      clip: true,
      silent: true,
      symbol: "rect",
      symbolSize: [1.5, 9],
      lineStyle: { color: css("--ink"), width: 1.5 },
      itemStyle: { color: css("--ink") },
      z: 4,
    });
    series.push({
      type: "scatter",
      name: name(index),
      data: [
        {
          value: [log(optimum.params), optimum.loss],
          tip: [
            "Optimum at " + name(index),
            [
              "N* = " + count(optimum.params) + " (" + optimum.params_interval.map(count).join(" to ") + ")",
              "D* = " + count(optimum.tokens) + " (" + optimum.tokens_interval.map(count).join(" to ") + ")",
              nats(optimum.loss),
            ],
          ],
        },
      ],
      symbol: "diamond",
      symbolSize: 15,
      itemStyle: { color: paint, borderColor: css("--ground"), borderWidth: 1.5 },
      z: 5,
    });
    return series;
  }

  // ---- figure 2: N* and D* against the budget ------------------------------------------------------

  function frontier(quantity, symbol, unit) {
    const interval = quantity + "_interval";
    const measured = curves.flatMap((curve) => curve.points.map((p) => log(p[quantity])));
    const line = data.analysis.frontier;
    return (width) => {
      const xs = range(curves.map((curve) => log(curve.budget)), 0.08);
      // An interval may be far wider than what was measured; the view is not.
      const wide = range(measured, 0.25);
      const bounds = curves.flatMap((c) => (c.optimum === null ? [] : c.optimum[interval]))
        .concat(line.flatMap((p) => p[interval]))
        .filter((v) => typeof v === "number" && v > 0)
        .map((v) => Math.max(wide[0], Math.min(wide[1], log(v))));
      const ys = range(measured.concat(bounds), 0.06);
      const option = base();
      option.xAxis = logAxis("Budget C (FLOPs)", xs, width / 80, flops, below);
      option.yAxis = logAxis(symbol + "* (" + unit + ")", ys, 9, count, above(-46));
      const inside = (value) => {
        const at = typeof value === "number" && value > 0 ? log(value) : value === "Infinity" ? ys[1] : ys[0];
        return Math.max(ys[0], Math.min(ys[1], at));
      };
      option.series = [band(line, interval, inside)].concat(
        shown().flatMap(({ curve, index }) => optimumSeries(curve, index, inside)),
      );
      option.series.push({
        type: "line",
        name: "fit",
        data: line.map((p) => [log(p.budget), log(p[quantity])]),
        showSymbol: false,
        silent: true,
        lineStyle: { color: css("--fit"), width: 1.8 },
        z: 2,
      });
      return option;
    };

    function optimumSeries(curve, index, inside) {
      const at = log(curve.budget);
      const paint = colour(index);
      const sizes = curve.points.map((p) => log(p[quantity]));
      const series = [
        {
          type: "line",
          name: name(index),
          data: [[at, Math.min(...sizes)], [at, Math.max(...sizes)]],
          showSymbol: false,
          silent: true,
          lineStyle: { color: css("--soft"), width: 9, opacity: 0.14 },
          z: 1,
        },
      ];
      const optimum = curve.optimum;
      if (optimum === null) return series;
      series.push(
        {
          type: "line",
          name: name(index),
          data: optimum[interval].map((end) => [at, inside(end)]),
          silent: true,
          symbol: "rect",
          symbolSize: [11, 1.5],
          lineStyle: { color: css("--ink"), width: 1.5 },
          itemStyle: { color: css("--ink") },
          z: 4,
        },
        {
          type: "scatter",
          name: name(index),
          data: [
            {
              value: [at, log(optimum[quantity])],
              tip: [
                name(index),
                [
                  symbol + "* = " + count(optimum[quantity]) + " " + unit,
                  "95% interval " + optimum[interval].map(count).join(" to "),
                ],
              ],
            },
          ],
          symbol: "diamond",
          symbolSize: 15,
          itemStyle: { color: paint, borderColor: css("--ground"), borderWidth: 1.5 },
          z: 5,
        },
      );
      return series;
    }

    function band(line, interval, inside) {
      const edge = line.map((p) => [log(p.budget), inside(p[interval][0])]);
      edge.push(...line.map((p) => [log(p.budget), inside(p[interval][1])]).reverse());
      return {
        type: "custom",
        name: "band",
        data: line.length > 1 ? [[edge[0][0], edge[0][1]]] : [],
        clip: true,
        silent: true,
        z: 1,
        renderItem: (params, api) => ({
          type: "polygon",
          shape: { points: edge.map((at) => api.coord(at)) },
          style: { fill: css("--fit"), opacity: 0.15 },
        }),
      };
    }
  }

  // ---- figure 3: training loss against tokens ----------------------------------------------------------

  function training(width) {
    const samples = data.training.flatMap((curve) => curve.samples);
    const option = base();
    option.xAxis = logAxis("Training tokens D", range(samples.map((s) => log(s[0])), 0.02), width / 62, count, below);
    option.yAxis = axis(Object.assign({ name: "Training loss (nats per token)", scale: true }, above(-46)));
    option.series = data.training
      .map((curve) => ({ curve, index: curves.findIndex((c) => c.budget === curve.budget) }))
      .filter(({ index }) => !hidden.has(index))
      .map(({ curve, index }) => ({
        type: "line",
        name: index < 0 ? "no point yet" : name(index),
        data: trainingLine(curve, index),
        symbol: "circle",
        symbolSize: 7,
        lineStyle: { color: index < 0 ? css("--soft") : colour(index), width: 1.3, opacity: 0.85 },
        itemStyle: { color: index < 0 ? css("--soft") : colour(index), opacity: 0 },
        emphasis: { focus: "series", itemStyle: { opacity: 1 }, lineStyle: { width: 2.5, opacity: 1 } },
      }));
    return option;
  }

  function trainingLine(curve, index) {
    const line = [];
    curve.samples.forEach(([tokens, loss], i) => {
      // Where tokens fall, a branch ended and the trunk went on: no line joins the two.
      if (i > 0 && tokens < curve.samples[i - 1][0]) line.push({ value: [log(tokens), "-"] });
      line.push({
        value: [log(tokens), loss],
        tip: [
          curve.job,
          [
            curve.params === null ? [] : ["N = " + count(curve.params) + " params"],
            index < 0 ? [] : [name(index)],
            ["D = " + count(tokens) + " tokens", nats(loss)],
          ].flat(),
        ],
      });
    });
    return line;
  }

  // ---- the page -----------------------------------------------------------------------------------------

  const figures = [
    ["isoflop-chart", isoflop, "svg"],
    ["params-chart", frontier("params", "N", "params"), "svg"],
    ["tokens-chart", frontier("tokens", "D", "tokens"), "svg"],
    ["training-chart", training, "canvas"],
  ]
    .map(([id, option, renderer]) => ({ element: document.getElementById(id), option, renderer }))
    .filter(({ element }) => element !== null);

  function draw(figure) {
    figure.chart.resize();
    figure.chart.setOption(figure.option(figure.element.clientWidth), { notMerge: true });
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
      button.setAttribute("aria-pressed", String(!hidden.has(index)));
      figures.forEach(draw);
    });
  }

  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => figures.forEach(draw));
})();
