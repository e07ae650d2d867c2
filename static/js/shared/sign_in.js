// Whoever is signed out gets the sign-in page in place of an answer.
export const isSignInPage = (address) => Boolean(address) && new URL(address).pathname === document.body.dataset.login;
