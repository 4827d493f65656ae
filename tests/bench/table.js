// What all tables need.

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

export const millions = (count) => (count / 1e6).toFixed(2);

/** Prints lines of cells in columns: the first few to the left, numbers to the right. */
export function printTable(lines, left = 2) {
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => String(line[column] ?? '').length)));
  for (const line of lines) {
    const cells = line.map((cell, column) =>
      column < left ? String(cell).padEnd(widths[column]) : String(cell).padStart(widths[column]),
    );
    console.log(`  ${cells.join('  ')}`.trimEnd());
  }
  console.log();
}
