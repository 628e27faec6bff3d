// The runs as bars, grouped by service and shift, by start. Only the lines in view are drawn.

const LINE = 20, HEAD = 26, AXIS = 26;
const HOUR_PIXELS = 44; // at least, at the smallest scale

function makeGantt(day, state, dom, actions) {
  const { frame, canvas, spacer, tip } = dom;
  const gantt = { lines: [], scale: 1, patterns: null, draw };
  let width = 0, height = 0, ratio = 1, waiting = false, hover = -1;

  const labels = () => (width < 600 ? 108 : 190);
  const room = () => Math.max((width - labels() - 16) * gantt.scale, HOUR_PIXELS * (day.to - day.from) / 3600 * Math.min(1, gantt.scale));
  const begin = () => Math.floor((day.from - 600) / 3600) * 3600;
  const finish = () => Math.ceil((day.to + 600) / 3600) * 3600;
  const perSecond = () => room() / (finish() - begin());
  const xOf = (time) => labels() + (time - begin()) * perSecond() - frame.scrollLeft;
  const timeOf = (x) => begin() + (x + frame.scrollLeft - labels()) / perSecond();

  function layout() {
    gantt.lines = [];
    let y = AXIS;
    for (const group of day.order) {
      const runs = group.runs.filter(state.shows);
      if (!runs.length) continue;
      gantt.lines.push({ y, high: HEAD, group, count: runs.length, run: -1 });
      y += HEAD;
      for (const run of runs) {
        gantt.lines.push({ y, high: LINE, group, run: run.number });
        y += LINE;
      }
    }
    spacer.style.height = `${y + 8}px`;
    spacer.style.width = `${labels() + room() + 16}px`;
  }

  function resize() {
    const box = frame.getBoundingClientRect();
    if (!box.width || !frame.clientHeight) return;
    ratio = Math.min(2, window.devicePixelRatio || 1);
    width = frame.clientWidth;
    height = frame.clientHeight;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    layout();
    draw();
  }

  function draw() {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; if (width) paint(); });
  }

  function paint() {
    const context = canvas.getContext("2d", { alpha: false });
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    gantt.patterns = gantt.patterns || makePatterns(context);
    context.fillStyle = "#fff";
    context.fillRect(0, 0, width, height);
    const top = frame.scrollTop;
    const seen = gantt.lines.filter((line) => line.y + line.high > top + AXIS - HEAD && line.y < top + height);
    paintBans(context);
    for (const line of seen) if (line.run >= 0) paintBars(context, line, line.y - top);
    paintGrid(context);
    context.fillStyle = "#fff";
    context.fillRect(0, AXIS, labels(), height);
    for (const line of seen) {
      if (line.run >= 0) paintLabel(context, line, line.y - top);
      else paintHead(context, line, line.y - top);
    }
    const first = [...gantt.lines].reverse().find((line) => line.run < 0 && line.y <= top + AXIS);
    if (first) paintHead(context, first, AXIS);
    paintAxis(context);
    paintCursor(context);
  }

  function paintBans(context) {
    for (const [from, to] of day.bans) {
      context.fillStyle = "#f3ead9";
      context.fillRect(xOf(from), AXIS, (to - from) * perSecond(), height);
    }
  }

  function hourStep() {
    const wide = 3600 * perSecond();
    return wide > 34 ? 1 : wide > 17 ? 2 : 4;
  }

  function paintGrid(context) {
    context.fillStyle = "rgba(20,40,60,.07)";
    for (let t = begin(); t <= finish(); t += 3600 * hourStep()) context.fillRect(Math.round(xOf(t)), AXIS, 1, height);
  }

  function paintAxis(context) {
    context.fillStyle = "#f1f4f7";
    context.fillRect(0, 0, width, AXIS);
    context.fillStyle = "#3a4653";
    context.font = `12px ${FONT}`;
    context.textBaseline = "middle";
    context.textAlign = "center";
    for (let t = begin(); t <= finish(); t += 3600 * hourStep()) {
      if (xOf(t) > labels() + 4) context.fillText(clock(t), xOf(t), AXIS / 2);
    }
    for (const [from, to] of day.bans) {
      context.fillStyle = "#c98b1d";
      context.fillRect(Math.max(labels(), xOf(from)), AXIS - 3, (to - from) * perSecond(), 3);
    }
    context.fillStyle = "#f1f4f7";
    context.fillRect(0, 0, labels(), AXIS);
    context.fillStyle = "#3a4653";
    context.textAlign = "left";
    context.fillText(state.word("run_count", { n: gantt.lines.filter((line) => line.run >= 0).length }), 10, AXIS / 2);
  }

  function paintHead(context, line, y) {
    const shift = day.shifts[line.group.shift];
    context.fillStyle = "#e9eef3";
    context.fillRect(0, y, width, HEAD);
    context.fillStyle = serviceColour(day, shift.service);
    context.fillRect(0, y, 4, HEAD);
    context.fillStyle = "#1f2d3d";
    context.font = `600 12px ${FONT}`;
    context.textAlign = "left";
    context.textBaseline = "middle";
    context.fillText(`${state.text(day.services[shift.service].name)} · ${state.text(shift.name)}  ${line.count}`, 12, y + HEAD / 2 + 0.5);
  }

  function paintLabel(context, line, y) {
    const run = day.runs[line.run], chosen = state.run === line.run;
    if (chosen) {
      context.fillStyle = "#ffe9b8";
      context.fillRect(0, y, labels(), LINE);
    } else if (hover === line.run) {
      context.fillStyle = "#eef3f8";
      context.fillRect(0, y, labels(), LINE);
    }
    context.fillStyle = "#1f2d3d";
    context.font = `${chosen ? 600 : 400} 12px ${FONT}`;
    context.textAlign = "left";
    context.textBaseline = "middle";
    const text = width < 600 ? run.plate || run.vehicle : `${run.plate || run.vehicle}  ${run.driver}`;
    context.fillText(cut(context, text, labels() - 22), 14, y + LINE / 2 + 0.5);
  }

  function paintBars(context, line, y) {
    const run = day.runs[line.run], chosen = state.run === line.run, own = runColour(day, state, run);
    if (chosen || hover === line.run) {
      context.fillStyle = chosen ? "#ffe9b8" : "#eef3f8";
      context.fillRect(labels(), y, width, LINE);
    }
    const wanted = state.focus ? actions.stopsOf(state.focus) : null;
    for (let i = 0; i < run.stops.length;) {
      // Stops of one kind that follow each other are one block, without seams.
      const { kind, from } = run.stops[i];
      let { to } = run.stops[i++];
      while (i < run.stops.length && run.stops[i].kind === kind && run.stops[i].from <= to) to = run.stops[i++].to;
      const x = xOf(from), wide = (to - from) * perSecond();
      if (wide > 0 && x < width && x + wide > labels()) paintStop(context, gantt.patterns, day, kind, own, x, y + 4, wide, LINE - 8);
    }
    for (const stop of wanted || []) {
      if (stop.run === line.run) outline(context, xOf(stop.from), y, (stop.to - stop.from) * perSecond());
    }
    context.strokeStyle = chosen ? CHOSEN : "rgba(31,45,61,.28)";
    context.lineWidth = chosen ? 1.5 : 1;
    context.strokeRect(xOf(run.from) - 0.5, y + 3.5, (run.to - run.from) * perSecond() + 1, LINE - 7);
    const row = chosen && state.row >= 0 ? run.rows[state.row] : null;
    if (row) outline(context, xOf(row.start), y, (row.end - row.start) * perSecond());
  }

  function outline(context, x, y, wide) {
    context.strokeStyle = CHOSEN;
    context.lineWidth = 2;
    context.strokeRect(x - 1, y + 1, Math.max(4, wide + 2), LINE - 2);
    context.fillStyle = "#ffb000";
    context.fillRect(x, y + LINE - 5, Math.max(2, wide), 3);
  }

  function paintCursor(context) {
    if (state.time === null) return;
    const x = Math.round(xOf(state.time));
    if (x < labels()) return;
    context.fillStyle = "#c1121f";
    context.fillRect(x - 0.5, 0, 1.5, height);
    context.fillRect(x - 20, 2, 41, AXIS - 6);
    context.fillStyle = "#fff";
    context.font = `600 12px ${FONT}`;
    context.textAlign = "center";
    context.fillText(clock(state.time), x + 0.5, AXIS / 2 - 0.5);
  }

  function lineAt(y) {
    const at = y + frame.scrollTop;
    return y < AXIS ? null : gantt.lines.find((line) => at >= line.y && at < line.y + line.high) || null;
  }

  canvas.addEventListener("mousemove", (event) => {
    const box = canvas.getBoundingClientRect(), x = event.clientX - box.left, y = event.clientY - box.top;
    const line = lineAt(y), run = line && line.run >= 0 ? day.runs[line.run] : null;
    hover = run ? run.number : -1;
    const time = timeOf(x), inside = run && x > labels() && time >= run.from && time <= run.to;
    tip.hidden = !run;
    if (run) {
      fill(tip, ...actions.tellBar(run, inside ? run.stops[stopAt(run, time)] : null).map((text, i) => make("div", i ? "" : "strong", text)));
      tip.style.left = `${Math.max(4, Math.min(x + 14, width - tip.offsetWidth - 8))}px`;
      tip.style.top = `${y + 22 + tip.offsetHeight > height ? y - tip.offsetHeight - 8 : y + 22}px`;
    }
    canvas.style.cursor = run ? "pointer" : y < AXIS ? "col-resize" : "default";
    draw();
  });
  canvas.addEventListener("mouseleave", () => { hover = -1; tip.hidden = true; draw(); });
  canvas.addEventListener("click", (event) => {
    const box = canvas.getBoundingClientRect(), x = event.clientX - box.left, y = event.clientY - box.top;
    const line = lineAt(y);
    if (y < AXIS && x > labels()) actions.goTo(timeOf(x));
    if (!line || line.run < 0) return;
    const run = day.runs[line.run], time = timeOf(x);
    const row = x > labels() && time >= run.from && time <= run.to ? run.stops[stopAt(run, time)].row : -1;
    actions.chooseRun(line.run, row);
  });
  frame.addEventListener("keydown", (event) => {
    const runs = gantt.lines.filter((line) => line.run >= 0).map((line) => line.run);
    const ways = { ArrowDown: 1, ArrowUp: -1 };
    if (!(event.key in ways) || !runs.length) return;
    const now = runs.indexOf(state.run);
    const next = now < 0 ? 0 : Math.min(runs.length - 1, Math.max(0, now + ways[event.key]));
    actions.chooseRun(runs[next], -1);
    event.preventDefault();
  });
  frame.addEventListener("scroll", () => { tip.hidden = true; draw(); });

  // Scrolls so that the chosen run's line is in view, or the first at the chosen road or place.
  function reveal() {
    const wanted = state.focus ? new Set([...actions.stopsOf(state.focus)].map((stop) => stop.run)) : new Set([state.run]);
    const line = gantt.lines.find((one) => one.run >= 0 && wanted.has(one.run));
    if (!line) return;
    if (line.y - HEAD < frame.scrollTop + AXIS) frame.scrollTop = line.y - HEAD - AXIS;
    else if (line.y + LINE > frame.scrollTop + height) frame.scrollTop = line.y + LINE + 40 - height;
    if (gantt.scale > 1) frame.scrollLeft = labels() + (day.runs[line.run].from - begin()) * perSecond() - width / 2;
  }

  function rescale(factor) {
    const middle = state.time === null ? timeOf((labels() + width) / 2) : state.time;
    gantt.scale = Math.min(8, Math.max(1, gantt.scale * factor));
    layout();
    frame.scrollLeft = (middle - begin()) * perSecond() - (width - labels()) / 2;
    draw();
  }

  state.watchers.push((changed) => {
    if (["off", "shift"].some((key) => changed.has(key))) layout();
    if (changed.has("run") || changed.has("focus")) reveal();
    if (["off", "shift", "run", "row", "time", "lang", "focus", "color"].some((key) => changed.has(key))) draw();
  });
  new ResizeObserver(resize).observe(frame);
  return Object.assign(gantt, { reveal, rescale, resize });
}
