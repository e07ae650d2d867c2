// What the chosen model draws in, and what that costs, next to the button that asks for it.

import { pageRoot } from "../shared/dom.js";

const settingsForm = () => document.querySelector("form#draw-box");

function offerSizes(form, facts) {
  const size = form.elements.size;
  if (!size) return;
  for (const option of size.options) {
    const isTaken = !option.value || Boolean(facts?.sizes.includes(option.value));
    option.hidden = !isTaken;
    option.disabled = !isTaken;
  }
  if (size.selectedOptions[0]?.disabled) size.value = "";
}

function sayCost(form, facts) {
  const place = form.querySelector(".draw-cost");
  const price = facts?.prices[form.elements.size?.value ?? ""];
  const count = Number(form.elements.count.value || 1);
  const written = price === undefined ? "" : inDollars(price * count);
  const words = count === 1 ? place.dataset.one : place.dataset.several;
  const said = written && words.replace("{cost}", written).replace("{count}", count);
  if (place.textContent !== said) place.textContent = said;
}

function inDollars(amount) {
  const style = { style: "currency", currency: "USD", currencyDisplay: "narrowSymbol", maximumFractionDigits: 4 };
  return amount.toLocaleString(`${pageRoot.lang}-u-nu-latn`, style);
}

function showSettings() {
  const form = settingsForm();
  if (!form) return;
  const facts = JSON.parse(form.dataset.models)[form.elements.model.value];
  offerSizes(form, facts);
  sayCost(form, facts);
}

document.addEventListener("change", (event) => {
  if (event.target.form === settingsForm()) showSettings();
});
document.addEventListener("htmx:load", (event) => {
  if (event.detail.elt.id === "draw-box") showSettings();
});

showSettings();
