export const en = { s: ' s', m: ' min', h: ' h', d: ' d' }
