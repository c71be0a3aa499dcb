// Local exponents against the budget: where they hold, how sure they are, and the line through all optima.

const top = analysis.top;

// The first is painted last, above the others.
const kinds = [
  { key: "top", found: top === null ? [] : [top], paint: "--ink", width: 6, z: 6, title: "Top of the range" },
  { key: "local", found: analysis.local, paint: "--soft", width: 2, z: 5, title: "Between neighbouring optima" },
  { key: "windows", found: besideTop(analysis.windows, top), paint: "--window", width: 3, z: 4, title: "Sliding window" },
  { key: "law", found: analysis.law_windows, paint: "--law", width: 2.5, z: 3, shift: 11, dash: [6, 4], title: "Parametric law in a window" },
];

figure("exponents-chart", (width) => {
  const letter = chosen.exponent;
  const all = analysis.methods.find((m) => m.method === "ISOFLOP" && m.exponents !== null)?.exponents[letter];
  const local = kinds.flatMap(({ found }) => found);
  const { ys, axis } = exponentAxis(letter, local.map((at) => at.exponents[letter]).concat(all ?? []));
  const xs = range(curves.map((c) => log(c.budget)).concat(local.flatMap((at) => [log(at.from), log(at.to)])), 0.04);
  const option = base();
  option.xAxis = logAxis("Budget C (FLOPs)", xs, width / 80, flops, below);
  option.yAxis = axis;
  option.series = kinds
    .filter(({ key }) => !hidden.has("part:" + key))
    .map((kind) => exponentBars(kind.found, letter, ys, { ...kind, paint: css(kind.paint) }, kind.title));
  if (all !== undefined && !hidden.has("part:all")) option.series.unshift(...line(all, xs, ys, letter));
  return option;
});

function line(all, xs, ys, letter) {
  const [low, high] = all.interval.map((end) => within(ys, end));
  const tip = ["Line through all optima", [letter + " = " + exponent(all.value), "95% interval " + interval(all.interval, exponent)]];
  // Places all along, so that the tip opens wherever the line is pointed at.
  const places = Array.from({ length: 41 }, (_, i) => ({ value: [xs[0] + ((xs[1] - xs[0]) * i) / 40, all.value], tip }));
  return [
    area([[xs[0], low], [xs[1], low], [xs[1], high], [xs[0], high]], css("--fit"), 0.13),
    {
      type: "line",
      data: places,
      symbol: "circle",
      symbolSize: 9,
      itemStyle: { opacity: 0 },
      emphasis: { lineStyle: { width: 2 } },
      lineStyle: { color: css("--fit"), width: 2 },
      z: 2,
    },
  ];
}
