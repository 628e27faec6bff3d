// The layer above: the run, section, road or place that is chosen, and the trucks of the minute.

function drawOver(context, view, day, state, hover, drawLabelLayer) {
  context.clearRect(0, 0, view.width, view.height);
  context.lineCap = "round";
  context.lineJoin = "round";
  drawLeft(context, view, day, state);
  if (state.focus) drawFocus(context, view, day, state.focus);
  if (state.run >= 0) drawRun(context, view, day, state, day.runs[state.run]);
  if (hover) drawHover(context, view, day, hover);
  drawLabelLayer(context);
  if (state.run >= 0) drawNumbers(context, view, day, state, day.runs[state.run]);
  return state.time === null ? [] : drawTrucks(context, view, day, state);
}

function twice(context, wide, colour, trace, casing = "#fff") {
  context.beginPath();
  trace();
  context.lineWidth = wide + 3;
  context.strokeStyle = casing;
  context.stroke();
  context.lineWidth = wide;
  context.strokeStyle = colour;
  context.stroke();
}

// Where something that is due stays undone.
function drawLeft(context, view, day, state) {
  if (state.run >= 0) return;
  context.setLineDash([7, 5]);
  context.strokeStyle = "#c1121f";
  context.lineWidth = 3;
  for (const [kind, road, place] of day.left) {
    if (kind !== "uncovered") continue;
    context.beginPath();
    if (road >= 0) for (const street of day.roads[road].streets) traceNodes(context, view, day, day.streets[street].nodes);
    if (place >= 0 && day.places[place].x !== null) {
      const { x, y } = day.places[place];
      context.arc(x * view.zoom - view.left, y * view.zoom - view.top, 9, 0, 2 * Math.PI);
    }
    context.stroke();
  }
  context.setLineDash([]);
}

function traceRoad(context, view, day, road, colour) {
  twice(context, 5, colour, () => {
    for (const street of day.roads[road].streets) traceNodes(context, view, day, day.streets[street].nodes);
  });
}

function ring(context, view, place, colour) {
  if (place.x === null) return;
  context.beginPath();
  context.arc(place.x * view.zoom - view.left, place.y * view.zoom - view.top, 14, 0, 2 * Math.PI);
  context.lineWidth = 7;
  context.strokeStyle = "#fff";
  context.stroke();
  context.lineWidth = 4;
  context.strokeStyle = colour;
  context.stroke();
}

const CHOSEN = "#111c28";

function drawFocus(context, view, day, focus) {
  if (focus.kind === "road") traceRoad(context, view, day, focus.number, CHOSEN);
  if (focus.kind === "place") ring(context, view, day.places[focus.number], CHOSEN);
  if (focus.kind === "section") {
    const line = sectionLine(day, focus.number);
    if (line) twice(context, 6, CHOSEN, () => traceLine(context, view, line, 4));
  }
}

function sectionLine(day, section) {
  for (const run of day.runs) {
    const stop = run.stops.find((one) => one.section === section && one.nodes.length > 1);
    if (stop) return lineOf(day, stop.nodes);
  }
  return null;
}

function drawRun(context, view, day, state, run) {
  const work = run.stops.filter((stop) => stop.kind === day.kind.service && stop.nodes.length > 1);
  const ways = run.stops.filter((stop) => stop.kind !== day.kind.service && stop.nodes.length > 1);
  const wide = Math.min(8, Math.max(3.5, view.zoom * 12));
  const isDone = (stop) => state.time === null || stop.to <= state.time;
  context.setLineDash([2, 6]);
  for (const [done, alpha] of [[false, 0.4], [true, 1]]) {
    context.globalAlpha = alpha;
    context.lineWidth = 2;
    context.strokeStyle = "#4b5866";
    context.beginPath();
    for (const stop of ways) if (isDone(stop) === done) traceNodes(context, view, day, stop.nodes);
    context.stroke();
  }
  context.setLineDash([]);
  for (const [done, alpha] of [[false, 0.4], [true, 1]]) {
    context.globalAlpha = alpha;
    const byColour = new Map();
    for (const stop of work) {
      if (isDone(stop) !== done) continue;
      const colour = stopColour(day, state, stop);
      if (!byColour.has(colour)) byColour.set(colour, []);
      byColour.get(colour).push(stop);
    }
    for (const [colour, stops] of byColour) {
      twice(context, wide, colour, () => {
        for (const stop of stops) traceLine(context, view, lineOf(day, stop.nodes), wide * 0.6);
      });
    }
  }
  context.globalAlpha = 1;
  if (view.zoom > 0.16) drawArrows(context, view, day, work, wide);
  if (state.row >= 0 && run.rows[state.row]) drawRow(context, view, day, run.rows[state.row], wide);
}

function drawRow(context, view, day, row, wide) {
  const service = row.kind === day.kind.service;
  const lines = row.stops.filter((stop) => stop.nodes.length > 1);
  twice(context, wide + 1, "#ffb000", () => {
    for (const stop of lines) traceLine(context, view, lineOf(day, stop.nodes), service ? wide * 0.6 : 0);
  }, CHOSEN);
}

function drawArrows(context, view, day, work, wide) {
  context.fillStyle = "#fff";
  for (const stop of work) {
    const line = lineOf(day, stop.nodes), i = Math.floor(line.xs.length / 2);
    const ax = line.xs[i - 1] * view.zoom, ay = line.ys[i - 1] * view.zoom;
    const bx = line.xs[i] * view.zoom, by = line.ys[i] * view.zoom;
    if (Math.hypot(bx - ax, by - ay) < 14) continue;
    const x = (ax + bx) / 2 - view.left + line.nx[i] * wide * 0.6;
    const y = (ay + by) / 2 - view.top + line.ny[i] * wide * 0.6;
    arrow(context, x, y, Math.atan2(by - ay, bx - ax), wide * 0.5 + 1);
  }
}

function arrow(context, x, y, angle, size) {
  context.save();
  context.translate(x, y);
  context.rotate(angle);
  context.beginPath();
  context.moveTo(size, 0);
  context.lineTo(-size * 0.7, size * 0.75);
  context.lineTo(-size * 0.7, -size * 0.75);
  context.closePath();
  context.fill();
  context.restore();
}

// The numbers of the sheet's rows, where there is room; the chosen one first.
function drawNumbers(context, view, day, state, run) {
  const taken = [];
  const rows = [...run.rows].sort((a, b) => (b.number === state.row) - (a.number === state.row));
  context.font = `600 11px ${FONT}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (const row of rows) {
    const chosen = row.number === state.row;
    if (row.kind !== day.kind.service && !chosen) continue;
    const stop = row.stops.find((one) => one.nodes.length) || null;
    if (!stop) continue;
    const middle = stop.nodes[Math.floor((stop.nodes.length - 1) / 2)], site = day.places[stop.place];
    const x = (site && site.x !== null ? site.x : day.X[middle]) * view.zoom - view.left;
    const y = (site && site.x !== null ? site.y : day.Y[middle]) * view.zoom - view.top;
    const w = row.number + 1 > 99 ? 13 : 10;
    const box = [x - w, y - 10, x + w, y + 10];
    if (taken.some((b) => b[0] < box[2] && b[2] > box[0] && b[1] < box[3] && b[3] > box[1])) continue;
    taken.push(box);
    context.beginPath();
    context.roundRect(x - w, y - 9, 2 * w, 18, 9);
    context.fillStyle = chosen ? "#ffb000" : "#fff";
    context.fill();
    context.lineWidth = 1.5;
    context.strokeStyle = CHOSEN;
    context.stroke();
    context.fillStyle = CHOSEN;
    context.fillText(String(row.number + 1), x, y + 0.5);
  }
}

function drawHover(context, view, day, hover) {
  if (hover.stroke) {
    const offset = strokeOffset(view.zoom, hover.stroke.lane);
    twice(context, strokeWidth(view.zoom) + 2, hover.stroke.colour, () => traceLine(context, view, hover.stroke, offset), CHOSEN);
  } else if (hover.place !== undefined) ring(context, view, day.places[hover.place], "#5b6b7c");
}

// A truck that is outside the district: a broken ring where it left it.
function drawAway(context, x, y, colour, chosen) {
  context.globalAlpha = chosen ? 1 : 0.7;
  context.beginPath();
  context.arc(x, y, 12, 0, 2 * Math.PI);
  context.setLineDash([4, 4]);
  context.lineWidth = chosen ? 3.5 : 2;
  context.strokeStyle = chosen ? CHOSEN : colour;
  context.stroke();
  context.setLineDash([]);
}

function truckName(context, name, x, y) {
  context.font = `600 12px ${FONT}`;
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.lineWidth = 4;
  context.strokeStyle = "rgba(255,255,255,.92)";
  const text = cut(context, name, 160);
  context.strokeText(text, x, y);
  context.fillStyle = CHOSEN;
  context.fillText(text, x, y);
}

// A disc for each truck that is out, pointing where it drives; returns where they are, for hits.
function drawTrucks(context, view, day, state) {
  const found = [];
  for (const run of day.runs) {
    if (!state.shows(run) && run.number !== state.run) continue;
    const at = whereIs(day, run, state.time);
    if (!at) continue;
    const x = at.x * view.zoom - view.left, y = at.y * view.zoom - view.top;
    found.push({ run: run.number, x, y, stop: at.stop });
    if (x < -20 || y < -20 || x > view.width + 20 || y > view.height + 20) continue;
    const chosen = run.number === state.run;
    if (at.stop.outside) { drawAway(context, x, y, runColour(day, state, run), chosen); continue; }
    const size = chosen ? 11 : view.zoom > 0.16 ? 8 : 6;
    context.globalAlpha = state.run >= 0 && !chosen ? 0.5 : 1;
    context.beginPath();
    context.arc(x, y, size, 0, 2 * Math.PI);
    context.fillStyle = at.stop.kind === day.kind.service ? runColour(day, state, run) : "#fff";
    context.fill();
    context.lineWidth = chosen ? 3.5 : 2;
    context.strokeStyle = chosen ? CHOSEN : at.stop.kind === day.kind.service ? "#fff" : runColour(day, state, run);
    context.stroke();
    if (at.angle !== null) {
      context.fillStyle = at.stop.kind === day.kind.service ? "#fff" : runColour(day, state, run);
      arrow(context, x, y, at.angle, size * 0.6);
    }
    if (chosen || view.zoom > 0.25) truckName(context, run.plate || run.vehicle, x + size + 4, y);
  }
  context.globalAlpha = 1;
  return found;
}
