// A schema that was put in order does not take the place of what was typed since it was sent.

document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  if (detail.target.matches("textarea[name^='o.']")) detail.requestConfig.sentText = detail.target.value;
});
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const { sentText } = detail.requestConfig;
  if (sentText !== undefined && detail.target.value !== sentText) detail.shouldSwap = false;
});
