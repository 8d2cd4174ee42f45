// The look-up while typing: a combobox with a listbox (customers/_picker.html).
// What is chosen goes into the hidden fields household, place and customer; the element also sends
// "picker:chosen" and "picker:cleared", and fills the card named by data-card. With data-go the page of what
// is chosen opens instead.
huiyin.ready(root => huiyin.each(root, "[data-picker]", picker => {
  const input = picker.querySelector("[role=combobox]");
  const list = picker.querySelector("[role=listbox]");
  const hidden = name => picker.querySelector(`input[type=hidden][name="${picker.dataset.prefix || ""}${name}"]`);
  let timer = 0;
  let running = null;
  let chosenText = input.value;
  let waitingForEnter = false;

  const options = () => [...list.querySelectorAll("[role=option]")];
  const active = () => options().find(one => one.getAttribute("aria-selected") === "true");

  function show(open) {
    list.hidden = !open;
    input.setAttribute("aria-expanded", String(open));
    if (!open) input.removeAttribute("aria-activedescendant");
  }

  function mark(option) {
    for (const one of options()) one.setAttribute("aria-selected", String(one === option));
    if (!option) return;
    input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  function clear() {
    for (const name of ["household", "place", "customer"]) {
      const field = hidden(name);
      if (field) field.value = "";
    }
    chosenText = "";
    const card = picker.dataset.card && document.querySelector(picker.dataset.card);
    if (card) card.replaceChildren();
    picker.dispatchEvent(new CustomEvent("picker:cleared", { bubbles: true }));
  }

  function choose(option) {
    if ("go" in picker.dataset) { location.assign(option.dataset.address); return; }
    const { household = "", place = "", customer = "", title = "" } = option.dataset;
    for (const [name, value] of Object.entries({ household, place, customer })) {
      const field = hidden(name);
      if (field) field.value = value;
    }
    input.value = chosenText = title;
    show(false);
    const card = picker.dataset.card && document.querySelector(picker.dataset.card);
    const of = household ? { household } : place ? { place } : { customer };
    if (card) htmx.ajax("GET", picker.dataset.cardUrl, { target: card, swap: "innerHTML", values: of });
    picker.dispatchEvent(new CustomEvent("picker:chosen", { bubbles: true, detail: { household, place, customer, title } }));
  }

  async function look() {
    const words = input.value.trim();
    running?.abort();
    if (!words) { list.replaceChildren(); show(false); return; }
    running = new AbortController();
    try {
      const answer = await fetch(`${picker.dataset.url}?q=${encodeURIComponent(words)}`, { signal: running.signal, headers: { "HX-Request": "true" } });
      if (!answer.ok) { show(false); return; }
      list.innerHTML = await answer.text();
      mark(options()[0]);
      show(true);
      if (waitingForEnter && active()) choose(active());
    } catch (error) {
      // the newer typing has taken over; a lost connection is told by the shell
      if (error.name !== "AbortError") show(false);
    } finally {
      waitingForEnter = false;
    }
  }

  input.addEventListener("input", () => {
    if (chosenText && input.value !== chosenText) clear();
    clearTimeout(timer);
    timer = setTimeout(() => { timer = 0; look(); }, 80);
  });
  input.addEventListener("keydown", event => {
    if (event.isComposing) return;
    const all = options();
    const at = all.indexOf(active());
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && all.length) {
      event.preventDefault();
      show(true);
      mark(all[(at + (event.key === "ArrowDown" ? 1 : all.length - 1) + (at < 0 ? 1 : 0)) % all.length]);
    } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      if (timer) { clearTimeout(timer); timer = 0; waitingForEnter = true; look(); }
      else if (!list.hidden && active()) choose(active());
    } else if (event.key === "Escape" && !list.hidden) {
      event.stopPropagation();
      show(false);
    }
  });
  input.addEventListener("blur", () => setTimeout(() => show(false), 150));
  list.addEventListener("mousedown", event => event.preventDefault());
  list.addEventListener("click", event => {
    const option = event.target.closest("[role=option]");
    if (option) { choose(option); input.focus(); }
  });
}));
