// Hides what the legends explain, and says what a reader points at. The figures are drawn without it.
"use strict";
{
  const hidden = new Set();
  for (const button of document.querySelectorAll("[data-hides]")) {
    const layer = button.dataset.hides;
    button.addEventListener("click", () => {
      if (!hidden.delete(layer)) hidden.add(layer);
      for (const same of document.querySelectorAll(`[data-hides="${layer}"]`)) {
        same.setAttribute("aria-pressed", String(!hidden.has(layer)));
      }
      for (const part of document.querySelectorAll(`g.${layer}`)) {
        part.style.display = [...part.classList].some((name) => hidden.has(name)) ? "none" : "";
      }
    });
  }

  const tip = document.createElement("div");
  tip.className = "tip";
  tip.setAttribute("role", "status");
  const ring = document.createElement("div");
  ring.className = "ring";
  tip.hidden = ring.hidden = true;
  document.body.append(ring, tip);

  // The browser's own tips would stand beside ours.
  for (const mark of document.querySelectorAll("use:has(title)")) {
    mark.tip = mark.firstChild.textContent;
    mark.firstChild.remove();
  }

  const count = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 3 });
  const numbers = {
    log: (at) => count.format(10 ** at).replace("K", "k"),
    linear: (at) => at.toFixed(4).replace("-", "\u2212"),
  };

  // What can be pointed at in a plot, left to right: places in pixels, and what stands there.
  function places(plot) {
    const { width, height } = plot.getBoundingClientRect();
    const seen = (element) => element.closest("g").style.display !== "none";
    const value = (axis, share) => {
      const [kind, low, high] = axis.split(" ");
      return numbers[kind](Number(low) + share * (high - low));
    };
    const marks = [...plot.querySelectorAll("use")]
      .filter((mark) => mark.tip && seen(mark))
      .map((mark) => ({
        element: mark,
        x: (parseFloat(mark.getAttribute("x")) / 100) * width,
        y: (parseFloat(mark.getAttribute("y")) / 100) * height,
        say: () => mark.tip,
      }));
    const lines = [...plot.querySelectorAll("path[data-tip]")].filter(seen).flatMap((line) =>
      corners(line.getAttribute("d")).map(([x, y]) => ({
        element: line,
        x: x * width,
        y: y * height,
        say: () => line.dataset.tip.replace("{x}", value(plot.dataset.x, x)).replace("{y}", value(plot.dataset.y, 1 - y)),
      })),
    );
    return marks.concat(lines).sort((a, b) => a.x - b.x);
  }

  // The corners of a path as shares of the plot; long straight pieces get some between.
  function corners(path) {
    const found = [];
    let [x, y] = [0, 0];
    for (const part of path.split("M").slice(1)) {
      part.match(/-?\d+/g).forEach((number, i, all) => {
        if (i % 2 === 1) return;
        const [dx, dy] = [Number(number), Number(all[i + 1])];
        if (i === 0) [x, y] = [0, 0];
        const pieces = i === 0 ? 1 : Math.ceil(Math.hypot(dx, dy) / 200);
        for (let k = 1; k <= pieces; k++) found.push([(x + (dx * k) / pieces) / 10000, (y + (dy * k) / pieces) / 10000]);
        [x, y] = [x + dx, y + dy];
      });
    }
    return found;
  }

  for (const plot of document.querySelectorAll("svg[data-x]")) {
    let all = [];
    let at = -1;
    const show = (index) => {
      if (index === at) return;
      all[at]?.element.classList.remove("pointed");
      at = index;
      tip.hidden = ring.hidden = at < 0;
      if (at < 0) return;
      const { element, x, y, say } = all[at];
      element.classList.add("pointed");
      const [title, ...lines] = say().split("\n");
      const head = document.createElement("b");
      head.textContent = title;
      tip.replaceChildren(head, ...lines.map((line) => Object.assign(document.createElement("div"), { textContent: line })));
      const box = plot.getBoundingClientRect();
      const [left, top] = [scrollX + box.left + x, scrollY + box.top + y];
      const room = document.documentElement.clientWidth - 8 - tip.offsetWidth;
      const beside = [left + 14, left - 14 - tip.offsetWidth].find((side) => side >= 8 && side <= room);
      tip.style.left = (beside ?? Math.max(8, Math.min(room, left - tip.offsetWidth / 2))) + "px";
      tip.style.top = top - (beside === undefined ? tip.offsetHeight + 14 : tip.offsetHeight / 2) + "px";
      ring.style.left = left + "px";
      ring.style.top = top + "px";
    };
    const point = (event) => {
      const box = plot.getBoundingClientRect();
      let [nearest, least] = [-1, 24];
      all.forEach(({ x, y }, index) => {
        const far = Math.hypot(x - (event.clientX - box.left), y - (event.clientY - box.top));
        if (far < least) [nearest, least] = [index, far];
      });
      show(nearest);
    };
    const look = () => {
      show(-1);
      all = places(plot);
    };
    plot.addEventListener("pointerenter", look);
    plot.addEventListener("pointermove", point);
    plot.addEventListener("pointerdown", point);
    // A finger that is lifted leaves what it found in sight, until another place is touched.
    plot.addEventListener("pointerleave", (event) => event.pointerType === "touch" || show(-1));
    document.addEventListener("pointerdown", (event) => plot.contains(event.target) || show(-1), true);
    plot.addEventListener("focus", () => at < 0 && look());
    plot.addEventListener("blur", () => show(-1));
    plot.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step === undefined || all.length === 0) return;
      event.preventDefault();
      show(Math.max(0, Math.min(all.length - 1, at + step)));
    });
  }
}
