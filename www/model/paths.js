// Where the lines run: from the boxes of the cards a path for each link, and beads follow it.

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
 * Paths by `a-b`: from each master to its slaves, from a slave to its own, and from each client to each node.
 * @param {Mode} mode @param {{ width: number }} stage
 * @param {import('./forest.js').Tree[]} trees @param {Map<number, Box>} boxes @param {Map<number, Box>} clients
 * @returns {Map<string, Path>}
 */
export function layout(mode, stage, trees, boxes, clients) {
  /** @type {Map<string, Path>} */
  const paths = new Map();
  const place = (/** @type {number} */ id) => ({ id, box: /** @type {Box} */ (boxes.get(id)) });
  trees.forEach(({ root, slaves }, i) => {
    const own = slaves.filter(({ depth }) => depth === 1).map(({ node }) => place(node.id));
    for (const [key, path] of { row: fan, tree: rail, grid: gutters }[mode](place(root.id), own, stage.width, i))
      paths.set(key, path);
    for (const { node, depth } of slaves)
      if (depth > 1 && node.upstream != null)
        paths.set(`${node.upstream}-${node.id}`, aside(mode, stage, place(node.upstream), place(node.id)));
  });
  const first = trees[0]?.root.id;
  const roots = new Set(trees.map(({ root }) => root.id));
  [...clients].forEach(([id, box], i) => {
    for (const node of boxes.keys()) {
      const to = place(node);
      const way = node === first ? across : roots.has(node) && mode !== 'tree' ? over : under;
      paths.set(`${id}-${node}`, way(mode, box, to.box, i * 7));
    }
  });
  for (const [key, path] of paths) {
    const shared = mode !== 'row' || clients.has(Number(key.split(/(?<=\d)-/)[0]));
    if (shared) path.mark = Math.max(path.length / 2, path.length - (mode === 'row' ? 24 : 22));
  }
  return paths;
}

/** @typedef {(master: Place, slaves: Place[], width: number, tree: number) => [key: string, path: Path][]} Lines */

/** Curves that fall from a master to its slaves below. @type {Lines} */
function fan({ id, box: m }, slaves) {
  return slaves.map((slave, i) => {
    const s = slave.box;
    const x = s.x + s.w / 2;
    const start = m.x + m.w * ((i + 1) / (slaves.length + 1));
    // Nearly upright would look like a mistake.
    const upright = slaves.length % 2 === 1 && i === (slaves.length - 1) / 2 && Math.abs(start - x) < 24;
    return [`${id}-${slave.id}`, falling([upright ? x : start, m.y + m.h - UNDER], [x, s.y + UNDER])];
  });
}

/** Along a rail at the right. @type {Lines} */
function rail({ id, box: m }, slaves, width, tree) {
  const right = width - 17 + 5 * Math.min(tree, 2);
  return slaves.map(({ id: slave, box: s }) => {
    const [start, end] = [m.y + Math.min(m.h * 0.55, 80), s.y + Math.min(s.h * 0.5, 46)];
    return [
      `${id}-${slave}`,
      rounded([
        [m.x + m.w - UNDER, start],
        [right, start],
        [right, end],
        [s.x + s.w - UNDER, end],
      ]),
    ];
  });
}

/** Along the gutters between the rows. @type {Lines} */
function gutters({ id, box: m }, slaves, width, tree) {
  const first = m.y + m.h + 41 - 7 * Math.min(tree, 3);
  const right = width - 8 - 6 * Math.min(tree, 3);
  const mx = m.x + m.w / 2;
  return slaves.map(({ id: slave, box: s }) => {
    const gutter = s.y - 15;
    const x = s.x + s.w / 2;
    /** @type {Point[]} */
    const corners = [
      [mx, m.y + m.h - UNDER],
      [mx, first],
    ];
    if (gutter > first + 8) corners.push([right, first], [right, gutter]);
    corners.push([x, Math.max(gutter, first)], [x, s.y + UNDER]);
    return [`${id}-${slave}`, rounded(corners, 8)];
  });
}

/** @typedef {(mode: Mode, client: Box, node: Box, shift: number) => Path} Request */

/** From a client to the first master. @type {Request} */
function across(mode, c, m, shift) {
  if (mode === 'tree') {
    const y = c.y + c.h / 2;
    return rounded([
      [c.x + c.w - UNDER, y],
      [m.x + UNDER, Math.min(y, m.y + m.h - UNDER)],
    ]);
  }
  const x = c.x + c.w / 2 - shift;
  const y = m.y + m.h * 0.5 + shift;
  return rounded(
    [
      [x, c.y + c.h / 2],
      [x, y],
      [m.x + UNDER, y],
    ],
    22,
  );
}

/** To another master: above the first one. @type {Request} */
function over(_mode, c, m, shift) {
  const x = c.x + c.w / 2 - shift;
  const end = m.x + m.w * 0.3 + shift;
  const top = Math.max(2, m.y - 15);
  return rounded(
    [
      [x, c.y + c.h / 2],
      [x, top],
      [end, top],
      [end, m.y + UNDER],
    ],
    8,
  );
}

/** To a slave: below it, or at its left. @type {Request} */
function under(mode, c, s, shift) {
  if (mode === 'tree') {
    const x = 17 + shift;
    const y = s.y + Math.min(s.h * 0.72, 70);
    return rounded([
      [x, c.y + c.h / 2],
      [x, y],
      [s.x + UNDER, y],
    ]);
  }
  const x = c.x + c.w / 2 - shift;
  const below = s.y + s.h + (mode === 'row' ? 26 : 12) + shift;
  const end = s.x + s.w / 2 + shift;
  return rounded(
    [
      [x, c.y + c.h / 2],
      [x, below],
      [end, below],
      [end, s.y + s.h - UNDER],
    ],
    mode === 'row' ? 22 : 8,
  );
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
