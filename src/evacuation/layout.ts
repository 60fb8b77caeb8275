/** In the folder of a copy: what was at /vz, and what was at /etc/vz; beside each its manifest, `vz.manifest`. */
export const VZ_TREE = 'vz'
export const ETC_TREE = 'etc-vz'

export const manifestOf = (tree: string): string => `${tree}.manifest`
