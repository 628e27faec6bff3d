// The panel at the side: the runs that are shown, or what was chosen with its rows.

function makePanel(day, state, dom, actions) {
  const { panel } = dom;
  let rowElements = [];

  function paint() {
    rowElements = [];
    if (state.run >= 0) fill(panel, runCard(day.runs[state.run]));
    else if (state.focus) fill(panel, focusCard(state.focus));
    else fill(panel, overview());
    panel.scrollTop = 0;
    markRow(false);
  }

  function overview() {
    const shown = day.order.map((group) => ({ ...group, runs: group.runs.filter(state.shows) }));
    const parts = [make("h2", "", state.word("all_runs"))];
    parts.push(make("p", "hint", state.word("choose_hint")));
    if (!shown.some((group) => group.runs.length)) parts.push(make("p", "empty", state.word("no_runs")));
    for (const group of shown) {
      if (!group.runs.length) continue;
      const shift = day.shifts[group.shift];
      const title = make("summary", "", dot(serviceColour(day, shift.service)),
        `${state.text(day.services[shift.service].name)} · ${state.text(shift.name)}`, make("span", "count", String(group.runs.length)));
      const details = make("details", "group", title);
      details.addEventListener("toggle", () => {
        if (details.open && details.children.length === 1) details.append(...group.runs.map(runLine));
      });
      parts.push(details);
    }
    return parts;
  }

  function runLine(run) {
    return button("line", [
      make("b", "", `${run.plate || run.vehicle} ${run.driver}`),
      make("span", "times", span(day, run.from, run.to)), make("small", "", run.id),
    ], () => actions.chooseRun(run.number, -1, true));
  }

  function runCard(run) {
    const depot = day.places[run.at];
    const title = make("h2", "", `${run.plate || run.vehicle} ${run.driver}`);
    const head = make("div", "card-head", dot(runColour(day, state, run)), make("div", "",
      title, make("p", "", runTitle(day, state, run)),
      make("p", "big-times", span(day, run.from, run.to)), make("p", "id", run.id)),
      day.one ? null : closeButton(state, actions.close));
    const tools = make("div", "tools",
      button("button", state.word("zoom_to"), () => actions.zoomToRun(run.number)),
      day.one ? null : button("button", state.word("start_time"), () => actions.goTo(run.from)),
      depot && depot.gcj ? mapLink(state, depot) : null);
    const facts = make("dl", "facts", run.head.map(([label, value]) => [
      make("dt", "", state.text(label)), make("dd", "", state.text(value))]));
    const sums = make("div", "sums", run.sums.map(([label, value]) => make("div", "",
      make("small", "", state.text(label)), make("b", "", state.text(value)))));
    const bans = run.bans.map((ban) => make("p", "ban", state.text(ban)));
    const rows = make("ol", "rows", run.rows.map((row) => rowItem(run, row)));
    const more = make("details", "more", make("summary", "", state.word("order_fields")), facts);
    return [head, tools, sums, ...bans, more, make("h3", "", state.word("rows", { n: run.rows.length })), rows];
  }

  function rowItem(run, row) {
    const service = row.kind === day.kind.service;
    const item = make("li", `row ${day.kinds[row.kind]}`);
    const ends = [row.from, row.to].map((text) => state.text(text)).filter(Boolean).join(" → ");
    const shown = Object.entries(row.figures).filter(([key]) => key !== "area_m2" || service);
    const press = button("row-press", [
      make("span", "seq", String(row.number + 1)),
      make("span", "row-body",
        make("span", "row-top", make("span", "kind", state.text(row.title)), make("b", "place", state.text(row.place)),
          make("time", "", clock(row.start) === clock(row.end) ? clock(row.start) : `${clock(row.start)}–${clock(row.end)}`)),
        row.section || state.other(row.place) ? make("span", "id", [state.text(row.section), streetName(row)].filter(Boolean).join(" ")) : null,
        ends ? make("span", "ends", ends) : null,
        row.turn || row.text ? make("span", "turns", [row.turn && service ? state.text(row.turn) : "", state.text(row.text)].filter(Boolean).join(" · ")) : null,
        row.chips.length ? make("span", "chips", row.chips.map((chip) => make("span", "chip", state.text(chip)))) : null,
        shown.length ? make("span", "figures", shown.map(([key, value]) => make("span", "", figure(state, key, value)))) : null),
    ], () => actions.chooseRun(run.number, row.number));
    item.append(press);
    const place = row.stops.map((stop) => day.places[stop.place]).find((one) => one && one.gcj);
    if (place && day.kinds[row.kind] !== "return") item.append(mapLink(state, place));
    rowElements.push(item);
    return item;
  }

  // In English a street's Chinese name too: it is what the signs and the map say.
  function streetName(row) {
    return state.lang === "en" ? state.other(row.place) : "";
  }

  function markRow(scroll) {
    rowElements.forEach((item, number) => {
      const chosen = state.run >= 0 && number === state.row;
      item.classList.toggle("chosen", chosen);
      if (chosen) item.setAttribute("aria-current", "step"); else item.removeAttribute("aria-current");
      if (chosen) {
        const calm = !scroll || matchMedia("(prefers-reduced-motion: reduce)").matches;
        scrollInside(item, calm ? "auto" : "smooth");
      }
    });
  }

  // The page itself must not move on a phone: only the panel scrolls.
  function scrollInside(item, behavior) {
    const from = item.getBoundingClientRect().top - panel.getBoundingClientRect().top;
    panel.scrollTo({ top: panel.scrollTop + from - 60, behavior });
  }

  function focusCard({ kind, number }) {
    const one = listOf(day, kind)[number];
    const name = kind === "section" ? sectionTitle(day, state, number) : state.text(one.name);
    const kindName = kind === "place" ? state.word(`place_${one.kind}`) : state.word(`find_${kind}`);
    const parts = [
      make("div", "card-head", make("div", "", make("h2", "", name || one.id), make("p", "", `${kindName} ${one.id}`),
        kind === "section" ? null : make("p", "", state.other(one.name)),
        kind === "section" && one.from ? make("p", "", `${state.text(one.from)} → ${state.text(one.to)}`) : null,
        kind === "road" ? make("p", "", state.word("grade", { n: one.grade })) : null), closeButton(state, actions.close)),
      make("div", "tools", button("button", state.word("zoom_to"), () => actions.zoomToFocus({ kind, number })),
        kind === "place" && one.gcj ? mapLink(state, one) : null),
    ];
    const posts = kind === "place" ? day.posts.filter((post) => post[0] === number) : [];
    if (posts.length) {
      parts.push(make("h3", "", state.word("posts")), make("ul", "visits", posts.map(([, title, from, to, who, missing]) => make("li", "",
        make("b", "", `${clock(from)}–${clock(to)} `), `${state.text(title)} ${state.text(who)}`,
        missing ? make("span", "warn", ` ${state.word("missing", { n: missing })}`) : null))));
    }
    const visits = actions.visitsOf({ kind, number });
    parts.push(make("h3", "", state.word("visits", { n: visits.length })));
    if (!visits.length) parts.push(make("p", "empty", state.word("no_visits")));
    parts.push(make("div", "visits", visits.slice(0, 200).map(({ run, row }) => button("line", [
      make("b", "", dot(runColour(day, state, run)), span(day, row.start, row.end)),
      make("span", "times", `${run.plate || run.vehicle} ${run.driver}`),
      make("small", "", [state.text(row.title), ...row.chips.map((chip) => state.text(chip)), state.text(row.section)].filter(Boolean).join(" · ")),
    ], () => actions.chooseRun(run.number, row.number)))));
    return parts;
  }

  state.watchers.push((changed) => {
    const has = (...keys) => keys.some((key) => changed.has(key));
    if (has("lang", "run", "focus") || (has("off", "shift") && state.run < 0)) paint();
    else if (has("row")) markRow(true);
  });
  paint();
  return { paint };
}
