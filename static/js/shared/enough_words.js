const isLatin = /^[\u0000-\u024f]*$/; // other scripts may put no blanks between words

// Whether a question has enough words to be looked for: at least three.
export function hasWords(text) {
  const words = text.trim();
  return words.split(/\s+/).length > 2 || (words.length > 5 && !isLatin.test(words));
}
