/** The ready-made operations by name; each is a method of a role's nodes. One line per operation. */
export const operations = {}
