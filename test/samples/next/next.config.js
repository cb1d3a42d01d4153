/** The folder is a project of its own, whatever lies around it. */
export default { poweredByHeader: false, turbopack: { root: import.meta.dirname } };
