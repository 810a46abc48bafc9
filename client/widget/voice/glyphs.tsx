export const waves = <path d="M4 10v4M8 7v10M12 4v16M16 7v10M20 10v4" />
