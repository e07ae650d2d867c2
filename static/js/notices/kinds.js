// What is said to one person wherever they are: the answer to a watched question changed, nobody asks it any more, or
// other news of theirs, such as that a webhook was paused.
export const isPersonal = ({ kind }) => kind === "changed" || kind === "stopped" || kind === "other";
