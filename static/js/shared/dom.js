export const byId = (id) => document.getElementById(id);
export const pageRoot = document.documentElement;
