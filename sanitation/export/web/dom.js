// Elements made by hand. Text goes in as text, never as markup: names are the user's.

function make(tag, name, ...children) {
  const element = document.createElement(tag);
  if (name) element.className = name;
  for (const child of children.flat()) {
    if (child !== null && child !== undefined && child !== "") element.append(child);
  }
  return element;
}

function fill(element, ...children) {
  element.replaceChildren(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

function button(name, label, press) {
  const element = make("button", name, label);
  element.type = "button";
  element.addEventListener("click", press);
  return element;
}

function closeButton(state, press) {
  const cross = button("close", "×", press);
  cross.setAttribute("aria-label", state.word("close"));
  return cross;
}

// A colour is set through the style object: the page's policy allows no style in markup.
function dot(colour) {
  const element = make("i", "dot");
  element.style.background = colour;
  element.setAttribute("aria-hidden", "true");
  return element;
}

function figure(state, key, value) {
  const thousands = value.toLocaleString("en-US");
  const units = {
    length_m: value < 1000 ? `${value} m` : `${(value / 1000).toFixed(2)} km`,
    area_m2: `${thousands} m²`, water_l: `${thousands} L`, dirty_l: `${thousands} L`,
    load_kg: `${thousands} kg`, on_board_kg: `${thousands} kg`, bins: thousands,
    level_l: `${(value / 1000).toFixed(2)} m³`, fill_l: `${thousands} L`,
  };
  return `${state.word(`fig_${key}`)} ${units[key]}`;
}

// A link that opens a place in the reader's map; nothing is asked of anybody before it is pressed.
function mapLink(state, place) {
  const link = make("a", "button link", state.word("amap"));
  const told = new URLSearchParams({
    position: place.gcj.map((value) => value.toFixed(6)).join(","),
    name: state.text(place.name), coordinate: "gaode", callnative: "1",
  });
  link.href = `https://uri.amap.com/marker?${told}`;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  return link;
}

function runTitle(day, state, run) {
  return `${state.text(day.services[run.s].name)} · ${state.text(day.shifts[run.h].name)}`;
}

function sectionTitle(day, state, section) {
  const { road, id } = day.sections[section];
  return road < 0 ? id : state.text(day.roads[road].name);
}

function span(day, from, to) {
  return clock(from) === clock(to) && to - from < 60 ? dayClock(day, from) : `${dayClock(day, from)}–${clock(to)}`;
}
