// The parametric law over parameters and tokens: lines of equal loss, its frontier, and what was measured.

const places = (line) => line.map(([params, tokens]) => [log(params), log(tokens)]);

figure("surface-chart", (width) => {
  const surface = data.surface;
  const option = base();
  option.xAxis = logAxis("Parameters N", surface.params.map(log), width / 62, count, below);
  option.yAxis = logAxis("Tokens D", surface.tokens.map(log), 10, count, above(-46));
  option.xAxis.splitLine.show = option.yAxis.splitLine.show = false;
  option.series = surface.contours.flatMap(contour).concat(
    {
      type: "line",
      data: places(surface.frontier),
      showSymbol: false,
      silent: true,
      lineStyle: { color: css("--law"), width: 2.2 },
      z: 2,
    },
    shown().flatMap(({ curve, index }) => measuredAt(curve, index)),
  );
  return option;
});

// A line of equal loss, and its label at the end of most parameters.
function contour({ loss, line }) {
  const drawn = places(line);
  return [
    {
      type: "line",
      data: drawn,
      showSymbol: false,
      silent: true,
      lineStyle: { color: css("--contour"), width: 1.1 },
      z: 1,
    },
    {
      type: "scatter",
      data: drawn.slice(0, 1),
      silent: true,
      // The end lies on the frame, and rounding may put it outside.
      clip: false,
      symbolSize: 1,
      itemStyle: { opacity: 0 },
      label: {
        show: true,
        opacity: 1,
        formatter: loss.toFixed(2),
        position: "left",
        offset: [0, -9],
        color: css("--soft"),
        fontSize: 11,
        textBorderColor: css("--ground"),
        textBorderWidth: 3,
      },
      z: 2,
    },
  ];
}

function measuredAt(curve, index) {
  const paint = colour(index);
  const place = (p) => ({
    value: [log(p.params), log(p.tokens)],
    tip: [
      name(index),
      ["N = " + count(p.params) + " params", "D = " + count(p.tokens) + " tokens", nats(p.loss), ...(p.outlier ? ["left out by the curves"] : [])],
    ],
  });
  const series = [
    {
      type: "line",
      data: curve.points.map((p) => [log(p.params), log(p.tokens)]),
      showSymbol: false,
      silent: true,
      lineStyle: { color: paint, width: 1, opacity: 0.4 },
      z: 2,
    },
    {
      type: "scatter",
      data: curve.points.filter((p) => !p.outlier).map(place),
      symbolSize: 7,
      itemStyle: { color: paint, opacity: 1 },
      z: 3,
    },
    crosses(curve.points.filter((p) => p.outlier).map(place), paint),
  ];
  if (curve.optimum === null) return series;
  const { params, tokens } = curve.optimum;
  series.push({
    ...diamond(paint),
    data: [
      {
        value: [log(params.value), log(tokens.value)],
        tip: ["Optimum of the curve at " + name(index), ["N* = " + count(params.value), "D* = " + count(tokens.value)]],
      },
    ],
  });
  return series;
}
