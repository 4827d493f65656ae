// Where the lines run. Cards are laid out by CSS; from their boxes this gives each link a path, and beads follow it.

/** @typedef {{ x: number, y: number, w: number, h: number }} Box in pixels of the stage */
/** @typedef {{ id: number, box: Box }} Place */
/** @typedef {'row' | 'grid' | 'tree'} Mode */
/** @typedef {[number, number]} Point */

/** A path in pixels of the stage, walked by length. */
export class Path {
  /** @param {Point[]} points */
  constructor(points) {
    this.points = points;
    this.at = [0];
    for (let i = 1; i < points.length; i++) {
      const [a, b] = [points[i - 1], points[i]];
      this.at.push(this.at[i - 1] + Math.hypot(b[0] - a[0], b[1] - a[1]));
    }
    this.length = this.at[this.at.length - 1];
    /** Where a cut or a hold is drawn. Lines that share a rail have it near their own end. */
    this.mark = this.length / 2;
  }
  /**
   * The point at a distance, and the direction there.
   * @param {number} distance @param {number[]} out x, y, dx, dy (reused, so that a frame makes no garbage)
   */
  walk(distance, out) {
    const { points, at } = this;
    let i = 1;
    while (i < at.length - 1 && at[i] < distance) i++;
    const [a, b] = [points[i - 1], points[i]];
    const span = at[i] - at[i - 1] || 1;
    const t = Math.max(0, Math.min(1, (distance - at[i - 1]) / span));
    out[0] = a[0] + (b[0] - a[0]) * t;
    out[1] = a[1] + (b[1] - a[1]) * t;
    out[2] = (b[0] - a[0]) / span;
    out[3] = (b[1] - a[1]) / span;
    return out;
  }
  /** As SVG path data, from one distance to another, moved aside by `shift`. @param {number} [from] @param {number} [to] @param {number} [shift] */
  data(from = 0, to = this.length, shift = 0) {
    if (to <= from) return '';
    const out = [0, 0, 0, 0];
    /** @type {string[]} */
    const d = [];
    const put = (/** @type {number} */ distance) => {
      this.walk(distance, out);
      d.push(`${(out[0] - out[3] * shift).toFixed(1)} ${(out[1] + out[2] * shift).toFixed(1)}`);
    };
    put(from);
    for (let i = 1; i < this.at.length - 1; i++) if (this.at[i] > from && this.at[i] < to) put(this.at[i]);
    put(to);
    return `M${d.join('L')}`;
  }
}

/** Corners rounded off. @param {Point[]} corners @param {number} [radius] */
export function rounded(corners, radius = 14) {
  /** @type {Point[]} */
  const points = [corners[0]];
  for (let i = 1; i < corners.length - 1; i++) {
    const [p, c, n] = [corners[i - 1], corners[i], corners[i + 1]];
    const before = Math.hypot(c[0] - p[0], c[1] - p[1]);
    const after = Math.hypot(n[0] - c[0], n[1] - c[1]);
    const r = Math.min(radius, before / 2, after / 2);
    if (r < 1) {
      points.push(c);
      continue;
    }
    const a = [c[0] + ((p[0] - c[0]) / before) * r, c[1] + ((p[1] - c[1]) / before) * r];
    const b = [c[0] + ((n[0] - c[0]) / after) * r, c[1] + ((n[1] - c[1]) / after) * r];
    for (let s = 0; s <= 6; s++) {
      const t = s / 6;
      const u = 1 - t;
      points.push([u * u * a[0] + 2 * u * t * c[0] + t * t * b[0], u * u * a[1] + 2 * u * t * c[1] + t * t * b[1]]);
    }
  }
  points.push(corners[corners.length - 1]);
  return new Path(points);
}

/** A curve that leaves and arrives upright. @param {Point} from @param {Point} to */
function falling(from, to) {
  const bend = (to[1] - from[1]) * 0.55;
  /** @type {Point[]} */
  const points = [];
  const steps = Math.abs(to[0] - from[0]) < 1 ? 1 : 24;
  for (let s = 0; s <= steps; s++) {
    const t = s / steps;
    const u = 1 - t;
    const [b0, b1, b2, b3] = [u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t];
    points.push([
      (b0 + b1) * from[0] + (b2 + b3) * to[0],
      b0 * from[1] + b1 * (from[1] + bend) + b2 * (to[1] - bend) + b3 * to[1],
    ]);
  }
  return new Path(points);
}

/** How far lines reach under a card, so that beads come out of it. */
const UNDER = 8;

/**
 * Paths by `a-b`: from the master to each slave, and from each client to each node.
 * @param {Mode} mode
 * @param {{ width: number, height: number }} stage
 * @param {Place} master @param {Place[]} slaves @param {Place[]} clients
 * @returns {Map<string, Path>}
 */
export function layout(mode, stage, master, slaves, clients) {
  /** @type {Map<string, Path>} */
  const paths = new Map();
  const m = master.box;
  const rows = mode === 'grid' ? gridRows(slaves) : [];
  slaves.forEach((slave, i) => {
    const s = slave.box;
    const x = s.x + s.w / 2;
    const key = `${master.id}-${slave.id}`;
    if (mode === 'row') {
      const start = m.x + m.w * ((i + 1) / (slaves.length + 1));
      paths.set(
        key,
        falling(
          [
            slaves.length % 2 && i === (slaves.length - 1) / 2 && Math.abs(start - x) < 24 ? x : start,
            m.y + m.h - UNDER,
          ],
          [x, s.y + UNDER],
        ),
      );
    } else if (mode === 'tree') {
      const right = stage.width - 17;
      const y = s.y + Math.min(s.h * 0.5, 46);
      paths.set(
        key,
        rounded([
          [m.x + m.w - UNDER, m.y + m.h * 0.55],
          [right, m.y + m.h * 0.55],
          [right, y],
          [s.x + s.w - UNDER, y],
        ]),
      );
    } else {
      const gutter = s.y - 15;
      const first = rows[0] - 15;
      const mx = m.x + m.w / 2;
      const right = stage.width - 8;
      /** @type {Point[]} */
      const corners = [
        [mx, m.y + m.h - UNDER],
        [mx, first],
      ];
      if (gutter > first + 4) corners.push([right, first], [right, gutter]);
      corners.push([x, gutter], [x, s.y + UNDER]);
      paths.set(key, rounded(corners, 8));
    }
  });
  clients.forEach((client, i) => {
    const c = client.box;
    const aside = i * 7;
    if (mode === 'tree') {
      const y = c.y + c.h / 2;
      paths.set(
        `${client.id}-${master.id}`,
        rounded([
          [c.x + c.w - UNDER, y],
          [m.x + UNDER, y],
        ]),
      );
    } else {
      const x = c.x + c.w / 2 - aside;
      const y = m.y + m.h * 0.5 + aside;
      paths.set(
        `${client.id}-${master.id}`,
        rounded(
          [
            [x, c.y + c.h / 2],
            [x, y],
            [m.x + UNDER, y],
          ],
          22,
        ),
      );
    }
    for (const slave of slaves) {
      const s = slave.box;
      if (mode === 'tree') {
        const x = 17 + aside;
        const y = s.y + Math.min(s.h * 0.72, 70);
        paths.set(
          `${client.id}-${slave.id}`,
          rounded([
            [x, c.y + c.h / 2],
            [x, y],
            [s.x + UNDER, y],
          ]),
        );
      } else {
        const x = c.x + c.w / 2 - aside;
        const rail = s.y + s.h + (mode === 'row' ? 26 : 12) + aside;
        const end = s.x + s.w / 2 + aside;
        paths.set(
          `${client.id}-${slave.id}`,
          rounded(
            [
              [x, c.y + c.h / 2],
              [x, rail],
              [end, rail],
              [end, s.y + s.h - UNDER],
            ],
            mode === 'row' ? 22 : 8,
          ),
        );
      }
    }
  });
  for (const [key, path] of paths) {
    const shared = mode !== 'row' || !key.startsWith(`${master.id}-`);
    if (shared) path.mark = Math.max(path.length / 2, path.length - (mode === 'row' ? 24 : 22));
  }
  return paths;
}

/**
 * A path between two nodes neither of which is the master on top: a slave and its own slave.
 * @param {Mode} mode @param {{ width: number }} stage @param {Place} a @param {Place} b
 */
export function aside(mode, stage, a, b) {
  const [from, to] = [a.box, b.box];
  if (mode === 'tree') {
    const rail = stage.width - 8;
    const [y, end] = [from.y + from.h * 0.6, to.y + to.h * 0.6];
    return rounded([
      [from.x + from.w - UNDER, y],
      [rail, y],
      [rail, end],
      [to.x + to.w - UNDER, end],
    ]);
  }
  const rail = Math.max(from.y + from.h, to.y + to.h) + 10;
  const [x, end] = [from.x + from.w * 0.6, to.x + to.w * 0.4];
  return rounded(
    [
      [x, from.y + from.h - UNDER],
      [x, rail],
      [end, rail],
      [end, to.y + to.h - UNDER],
    ],
    8,
  );
}

/** Straight from one box to another: for signs of life. @param {Place} a @param {Place} b */
export function straight(a, b) {
  const middle = (/** @type {Place} */ { box }) => /** @type {Point} */ ([box.x + box.w / 2, box.y + box.h / 2]);
  return new Path([middle(a), middle(b)]);
}

/** Tops of the rows of a grid. @param {Place[]} slaves */
function gridRows(slaves) {
  return [...new Set(slaves.map((s) => s.box.y))].sort((a, b) => a - b);
}
