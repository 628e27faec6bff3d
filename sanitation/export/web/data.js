// The day's data made ready: places in metres, ways as numbers of nodes, texts by language.
// Units: metres (x to the east, y to the south, from the first node), seconds after 00:00.

const METRES_PER_DEGREE = 111195;

function readDay(raw) {
  const lat0 = raw.nodes[1].length ? raw.nodes[1][0] / 1e6 : 39.1;
  const lon0 = raw.nodes[0].length ? raw.nodes[0][0] / 1e6 : 117.2;
  const shrink = Math.cos(lat0 * Math.PI / 180);
  const toX = (lon) => (lon - lon0) * METRES_PER_DEGREE * shrink;
  const toY = (lat) => (lat0 - lat) * METRES_PER_DEGREE;
  const day = {
    ...raw,
    toX, toY,
    toLon: (x) => lon0 + x / METRES_PER_DEGREE / shrink,
    toLat: (y) => lat0 - y / METRES_PER_DEGREE,
    X: Float64Array.from(running(raw.nodes[0]), (v) => toX(v / 1e6)),
    Y: Float64Array.from(running(raw.nodes[1]), (v) => toY(v / 1e6)),
  };
  day.streets = raw.streets.map(([name, kind, ...steps]) => {
    const nodes = Int32Array.from(running(steps));
    return { name, kind, nodes, box: boxOf(day, nodes) };
  });
  day.roads = raw.roads.map(([id, name, grade, streets]) => ({ id, name, grade, streets }));
  day.sections = raw.sections.map(([id, road, from = 0, to = 0]) => ({ id, road, from, to }));
  day.places = raw.places.map(([kind, id, name, ...at]) => ({
    kind, id, name,
    lon: at.length ? at[0] / 1e6 : null, lat: at.length ? at[1] / 1e6 : null,
    x: at.length ? toX(at[0] / 1e6) : null, y: at.length ? toY(at[1] / 1e6) : null,
    gcj: at.length ? [at[2] / 1e6, at[3] / 1e6] : null,
  }));
  day.services = raw.services.map(([id, name, colour]) => ({ id, name, colour }));
  day.shifts = raw.shifts.map(([id, service, name]) => ({ id, service, name }));
  day.kind = Object.fromEntries(raw.kinds.map((kind, number) => [kind, number]));
  day.runs = raw.runs.map((run, number) => readRun(day, run, number));
  day.order = ganttOrder(day);
  day.from = Math.min(...day.runs.map((run) => run.from), 0);
  day.to = Math.max(...day.runs.map((run) => run.to), day.from + 3600);
  return day;
}

function* running(differences) {
  let sum = 0;
  for (const step of differences) yield (sum += step);
}

function readRun(day, raw, number) {
  const run = { ...raw, number, stops: [], rows: [] };
  let time = raw.from, at = -1, away = false;
  for (const [kind, gap = 0, takes = 0, way = "", section = -1, place = -1] of raw.stops) {
    let letters = way;
    if (typeof way !== "string") [at, letters] = way;
    const nodes = at < 0 ? [] : [at];
    for (let i = 0; i < letters.length; i++) nodes.push(at = day.next[at][letters.charCodeAt(i) - 48]);
    const from = time + gap;
    time = from + takes;
    // From a way to a terminal to the end of the way back a truck is off the map.
    const outside = away || kind === day.kind.transfer;
    if (kind === day.kind.transfer) away = place >= 0 && day.places[place].kind === "terminal";
    run.stops.push({
      run: number, kind, from, to: time, nodes: Int32Array.from(nodes), section, place, outside,
      row: -1, lengths: null,
    });
  }
  let taken = 0;
  run.rows = raw.rows.map((given, index) => {
    const [count, title = 0, place = 0, section = 0, from = 0, to = 0, turn = 0, text = 0,
      chips = [], figures = []] = given;
    const stops = run.stops.slice(taken, taken + count);
    taken += count;
    for (const stop of stops) stop.row = index;
    const named = {};
    for (let i = 0; i < figures.length; i += 2) named[day.figures[figures[i]]] = figures[i + 1];
    return {
      number: index, title, place, section, from, to, turn, text, chips, figures: named, stops,
      kind: stops[stops.length - 1].kind,
      start: stops[0].from, end: stops[stops.length - 1].to,
    };
  });
  return run;
}

// Runs by service and shift as they come in the plan's services, each group by start.
function ganttOrder(day) {
  const groups = day.shifts.map((shift, number) => ({ shift: number, runs: [] }));
  for (const run of day.runs) groups[run.h].runs.push(run);
  for (const group of groups) group.runs.sort((a, b) => a.from - b.from || a.number - b.number);
  const first = (group) => (group.runs.length ? group.runs[0].from : 0);
  return groups.sort((a, b) =>
    day.shifts[a.shift].service - day.shifts[b.shift].service || first(a) - first(b));
}

function boxOf(day, nodes) {
  let x0 = Infinity, y0 = Infinity, x1 = -Infinity, y1 = -Infinity;
  for (const n of nodes) {
    x0 = Math.min(x0, day.X[n]); x1 = Math.max(x1, day.X[n]);
    y0 = Math.min(y0, day.Y[n]); y1 = Math.max(y1, day.Y[n]);
  }
  return [x0, y0, x1, y1];
}

function joinBoxes(boxes) {
  return boxes.reduce((a, b) => [
    Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3]),
  ], [Infinity, Infinity, -Infinity, -Infinity]);
}

function runBox(day, run) {
  return joinBoxes(run.stops.filter((stop) => stop.nodes.length).map((stop) => boxOf(day, stop.nodes)));
}

// Metres from a stop's first node to each of its nodes.
function lengthsOf(day, stop) {
  if (stop.lengths) return stop.lengths;
  const { nodes } = stop;
  stop.lengths = new Float64Array(nodes.length);
  for (let i = 1; i < nodes.length; i++) {
    stop.lengths[i] = stop.lengths[i - 1]
      + Math.hypot(day.X[nodes[i]] - day.X[nodes[i - 1]], day.Y[nodes[i]] - day.Y[nodes[i - 1]]);
  }
  return stop.lengths;
}

function stopAt(run, time) {
  let low = 0, high = run.stops.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (run.stops[middle].from <= time) low = middle; else high = middle - 1;
  }
  return low;
}

// Where a run's truck is: evenly along the way of its stop; null before it departs and after it
// returned. `part` is how many of the stop's nodes are behind it.
function whereIs(day, run, time) {
  if (time < run.from || time > run.to) return null;
  const index = stopAt(run, time), stop = run.stops[index], { nodes } = stop;
  if (!nodes.length) return null;
  const lengths = lengthsOf(day, stop), total = lengths[lengths.length - 1];
  const share = stop.to > stop.from ? Math.min(1, (time - stop.from) / (stop.to - stop.from)) : 1;
  let i = 1;
  while (i < nodes.length - 1 && lengths[i] < total * share) i++;
  if (nodes.length < 2 || total === 0) {
    return { index, stop, x: day.X[nodes[0]], y: day.Y[nodes[0]], angle: null, part: 1 };
  }
  const a = nodes[i - 1], b = nodes[i], step = lengths[i] - lengths[i - 1];
  const f = step > 0 ? Math.min(1, (total * share - lengths[i - 1]) / step) : 1;
  const dx = day.X[b] - day.X[a], dy = day.Y[b] - day.Y[a];
  return {
    index, stop, x: day.X[a] + dx * f, y: day.Y[a] + dy * f,
    angle: stop.to > stop.from ? Math.atan2(dy, dx) : null, part: i,
  };
}

function clock(time) {
  const whole = ((Math.floor(time) % 86400) + 86400) % 86400;
  return `${String(Math.floor(whole / 3600)).padStart(2, "0")}:${String(Math.floor(whole % 3600 / 60)).padStart(2, "0")}`;
}

function dayClock(day, time) {
  if (time >= 0 && time < 86400) return clock(time);
  const date = new Date(Date.parse(`${day.date}T00:00:00Z`) + Math.floor(time / 86400) * 86400000);
  return `${date.toISOString().slice(5, 10)} ${clock(time)}`;
}
