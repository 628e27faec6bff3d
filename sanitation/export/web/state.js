// What is shown, kept in the address after #, and who is told when it changes.

// By run: Paul Tol's muted scheme, told apart by every kind of eye.
const RUN_COLOURS = ["#332288", "#44aa99", "#cc6677", "#117733", "#aa4499", "#4a90c2", "#999933", "#882255", "#b5832a", "#5f6caf"];
const GRADE_COLOURS = { 1: "#3b0f70", 2: "#9c2e7f", 3: "#e0566a", 4: "#d99a54" };
const NO_GRADE = "#7d8895";

function makeState(day) {
  const state = {
    lang: day.lang, run: -1, row: -1, focus: null, time: null, playing: false,
    color: "service", off: new Set(), shift: -1, tab: "map",
    x: 0, y: 0, zoom: 0.1, watchers: [],
  };
  state.set = (patch) => {
    const changed = new Set(Object.keys(patch).filter((key) => state[key] !== patch[key]));
    Object.assign(state, patch);
    if (changed.size) for (const watch of state.watchers) watch(changed);
  };
  state.text = (number) => {
    const text = day.texts[number];
    return typeof text === "string" ? text : text[state.lang === "zh" ? 0 : 1];
  };
  // What it is called in the other language, "" where that is the same.
  state.other = (number) => {
    const text = day.texts[number];
    return typeof text === "string" ? "" : text[state.lang === "zh" ? 1 : 0];
  };
  state.pair = (pair) => pair[state.lang === "zh" ? 0 : 1];
  state.word = (key, values) => {
    let text = state.pair(day.words[key]);
    for (const name of Object.keys(values || {})) text = text.replace(`{${name}}`, values[name]);
    return text;
  };
  state.shows = (run) => !state.off.has(run.s) && (state.shift < 0 || state.shift === run.h);
  return state;
}

function serviceColour(day, service) {
  return day.services[service].colour;
}

function runColour(day, state, run) {
  return state.color === "run" ? RUN_COLOURS[run.number % RUN_COLOURS.length] : serviceColour(day, run.s);
}

function stopColour(day, state, stop) {
  const run = day.runs[stop.run];
  if (state.color === "grade") {
    const road = stop.section < 0 ? -1 : day.sections[stop.section].road;
    return (road >= 0 && GRADE_COLOURS[day.roads[road].grade]) || NO_GRADE;
  }
  return runColour(day, state, run);
}

// The address: names rather than numbers, so that a link outlives a new plan of the same day.
function writeAddress(day, state) {
  const told = new URLSearchParams();
  told.set("lang", state.lang);
  if (state.tab !== "map") told.set("tab", state.tab);
  if (state.run >= 0) told.set("run", day.runs[state.run].id);
  if (state.run >= 0 && state.row >= 0) told.set("row", state.row + 1);
  if (state.focus) told.set(state.focus.kind, listOf(day, state.focus.kind)[state.focus.number].id);
  if (state.time !== null) told.set("time", Math.round(state.time));
  if (state.color !== "service") told.set("color", state.color);
  if (state.off.size) told.set("off", [...state.off].map((s) => day.services[s].id).sort().join(","));
  if (state.shift >= 0) told.set("shift", shiftName(day, state.shift));
  const at = [day.toLon(state.x).toFixed(5), day.toLat(state.y).toFixed(5), state.zoom.toPrecision(3)];
  told.set("view", at.join(","));
  return `#${told.toString().replaceAll("%2C", ",").replaceAll("%2F", "/")}`;
}

function readAddress(day, hash) {
  const told = new URLSearchParams(hash.replace(/^#/, ""));
  const patch = {};
  if (["zh", "en"].includes(told.get("lang"))) patch.lang = told.get("lang");
  patch.tab = ["map", "figures", "faults"].includes(told.get("tab")) ? told.get("tab") : "map";
  patch.run = day.one ? 0 : day.runs.findIndex((run) => run.id === told.get("run"));
  const row = Number(told.get("row")) - 1;
  patch.row = patch.run >= 0 && Number.isInteger(row) && day.runs[patch.run].rows[row] ? row : -1;
  patch.focus = null;
  for (const kind of ["section", "road", "place"]) {
    const number = listOf(day, kind).findIndex((one) => one.id === told.get(kind));
    if (told.get(kind) !== null && number >= 0) patch.focus = { kind, number };
  }
  const time = told.get("time") === null ? NaN : Number(told.get("time"));
  patch.time = Number.isFinite(time) ? Math.min(day.to, Math.max(day.from, time)) : null;
  patch.color = ["run", "grade"].includes(told.get("color")) ? told.get("color") : "service";
  const off = (told.get("off") || "").split(",");
  patch.off = new Set(day.services.map((_, s) => s).filter((s) => off.includes(day.services[s].id)));
  patch.shift = day.shifts.findIndex((_, h) => shiftName(day, h) === told.get("shift"));
  const [lon, lat, zoom] = (told.get("view") || "").split(",").map(Number);
  if (Number.isFinite(lon) && Number.isFinite(lat) && zoom > 0.005 && zoom < 20) {
    Object.assign(patch, { x: day.toX(lon), y: day.toY(lat), zoom });
  }
  return patch;
}

function listOf(day, kind) {
  return { section: day.sections, road: day.roads, place: day.places }[kind];
}

function shiftName(day, shift) {
  return `${day.services[day.shifts[shift].service].id}/${day.shifts[shift].id}`;
}
