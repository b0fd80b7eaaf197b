/**
 * The form fields of a value, by kind of row. Knows which fields a kind has; knows neither rows nor
 * the server, which alone says what a right value is.
 */

import { h } from "./dom.js";
import { spoken } from "./words.js";

/** `choice` names a list of the session's; `none` is a field that may be empty. */
const FIELDS = {
  meeting: [
    { name: "name", label: "Name", long: true },
    { name: "prominence", label: "Prominence", choice: "prominence" },
    { name: "status", label: "Status", choice: "status" },
    { name: "format", label: "Format", choice: "format", none: true },
  ],
  date: [
    { name: "date_text", label: "The article's words", none: true },
    {
      name: "date",
      label: "Date (EDTF)",
      none: true,
      hint: "2020-09-28, 2017-02, 2023-11-13/2023-11-14",
    },
  ],
  place: [
    { name: "venue", label: "Venue", none: true },
    { name: "city", label: "City", none: true },
    { name: "country", label: "Country", none: true, hint: "a code such as NOR, or the name" },
  ],
  parties: [
    { name: "parties", label: "Parties", list: true, hint: "codes or names, with commas between" },
  ],
  participant: [
    { name: "name", label: "Name" },
    { name: "party", label: "Party", none: true, hint: "a code such as NOR, or the name" },
    { name: "title", label: "Title", none: true, long: true },
  ],
  agenda: [{ name: "topic", label: "Subject", long: true }],
  agreement: [{ name: "text", label: "Agreed", long: true }],
};

/** The fields with `value` in them; those of a new row without one. */
export function fields(kind, value, choices) {
  return FIELDS[kind].map((field) => {
    const id = `field-${field.name}`;
    const hint = field.hint && h("small", { id: `${id}-hint` }, field.hint);
    const input = control(field, id, value?.[field.name] ?? null, choices);
    if (hint) input.setAttribute("aria-describedby", hint.id);
    return h(
      "div",
      { class: field.long ? "field long" : "field" },
      h("label", { for: id }, field.label),
      input,
      hint,
    );
  });
}

/** What stands in the fields now. */
export function value(kind, form) {
  const told = FIELDS[kind].map((field) => {
    const text = form.querySelector(`#field-${field.name}`).value.trim();
    if (field.list)
      return [
        field.name,
        text
          .split(",")
          .map((each) => each.trim())
          .filter(Boolean),
      ];
    return [field.name, text || (field.none ? null : "")];
  });
  return Object.fromEntries(told);
}

function control(field, id, now, choices) {
  if (field.choice) {
    const codes = field.none ? ["", ...choices[field.choice]] : choices[field.choice];
    const options = codes.map((code) =>
      h(
        "option",
        { value: code, selected: code === (now ?? "") },
        code ? spoken(code) : "not said",
      ),
    );
    return h("select", { id }, options);
  }
  const control = field.long
    ? h("textarea", { id, rows: "2" })
    : h("input", { id, type: "text", autocomplete: "off" });
  control.value = field.list ? (now ?? []).join(", ") : (now ?? "");
  return control;
}
