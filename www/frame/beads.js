// Messages on their way, drawn on one canvas. Each kind has its own shape; what carries a write has its colour and number.

/** @typedef {import('../model/paths.js').Path} Path */
/** @typedef {{ ink: string, paper: string, fill: (hue: number) => string, on: string }} Paint */
/** @typedef {{ id: number, x: number, y: number }} Spot */

const SIZE = 34; // a sprite's side, px
const LANE = 7; // those that come keep this far from those that go, px
const FLOW = { speed: 0.07, dot: 3.4, widest: 26, closest: 6 }; // of a flow: px in a ms, px, distance of its dots at 10/s and at most, px
const PILE = 9; // distance of held messages in a pile, px
const KEPT = 256; // sprites that are kept

export class Beads {
  /** @type {Map<number, ImageBitmap>} */ #sprites = new Map();
  /** They are drawn here. @type {OffscreenCanvasRenderingContext2D} */ #easel;
  /** @type {Spot[]} */ #spots = [];
  /** @type {number[]} */ #point = [0, 0, 0, 0];
  #ratio = 1;
  #scale = 1;

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    this.context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
    this.#easel = /** @type {OffscreenCanvasRenderingContext2D} */ (new OffscreenCanvas(SIZE, SIZE).getContext('2d'));
  }

  /** @param {number} width @param {number} height @param {number} ratio device pixels per CSS pixel */
  resize(width, height, ratio) {
    const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (ratio !== this.#ratio) this.forget();
    this.#ratio = ratio;
    if (this.canvas.width !== w || this.canvas.height !== h) {
      this.canvas.width = w;
      this.canvas.height = h;
    }
  }

  /** Drops what was drawn before: it looks otherwise now. */
  forget() {
    for (const sprite of this.#sprites.values()) sprite.close();
    this.#sprites.clear();
  }

  /**
   * @param {Float64Array} packets rows of `stride`: id, from, to, progress, kind, write, entries, state
   * @param {number} stride @param {string[]} kinds
   * @param {(from: number, to: number) => { path: Path, forth: boolean } | undefined} pathOf
   * @param {(write: number) => number} hueOf @param {Paint} paint @param {number | undefined} lit the write to light up
   * @param {number} scale of the beads
   * @param {Map<{ path: Path, forth: boolean }, number>} flows ways on which a load’s messages are drawn as a flow, and how many a second
   * @param {number} flowMs how long they have flowed
   */
  draw(packets, stride, kinds, pathOf, hueOf, paint, lit, scale, flows, flowMs) {
    const { context, canvas } = this;
    const ratio = this.#ratio;
    const side = SIZE * scale;
    if (scale !== this.#scale) this.forget();
    this.#scale = scale;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, canvas.width, canvas.height);
    this.#spots.length = 0;
    for (const [way, rate] of flows) this.#flow(way, rate, flowMs, paint);
    const hidden = (/** @type {number} */ i) => {
      if (packets[i + 8] !== 1 || flows.size === 0) return false;
      const way = pathOf(packets[i + 1], packets[i + 2]);
      return !!way && flows.has(way);
    };
    // The place of each in the pile of those that are held, the oldest in front.
    /** @type {Map<unknown, number>} */
    const piles = new Map();
    /** @type {Map<number, number>} */
    const piled = new Map();
    for (let i = 0; i < packets.length; i += stride) {
      if (packets[i + 7] !== 1 || hidden(i)) continue;
      const way = pathOf(packets[i + 1], packets[i + 2]);
      const before = piles.get(way) ?? 0;
      piles.set(way, before + 1);
      piled.set(i, before);
    }
    // The oldest last, so that it lies on top.
    for (let i = packets.length - stride; i >= 0; i -= stride) {
      if (hidden(i)) continue;
      const found = pathOf(packets[i + 1], packets[i + 2]);
      if (!found) continue;
      const { path, forth } = found;
      let way = path.length * packets[i + 3];
      const before = piled.get(i);
      if (before !== undefined) {
        const sign = (forth ? path.mark : path.length - path.mark) - 30;
        way = Math.max(10, sign - (before % 24) * PILE * scale);
      }
      const p = path.walk(forth ? way : path.length - way, this.#point);
      const lane = (forth ? LANE : -LANE) * scale;
      const x = p[0] - p[3] * lane;
      const y = p[1] + p[2] * lane;
      const write = packets[i + 5];
      context.globalAlpha = lit === undefined || lit === write ? 1 : 0.22;
      context.drawImage(
        this.#sprite(packets, i, kinds, hueOf, paint),
        Math.round((x - side / 2) * ratio),
        Math.round((y - side / 2) * ratio),
      );
      this.#spots.push({ id: packets[i], x, y });
    }
    context.globalAlpha = 1;
  }

  /** A row of dots that moves on, the closer the more there are. @param {{ path: Path, forth: boolean }} way @param {number} rate @param {number} ms @param {Paint} paint */
  #flow({ path, forth }, rate, ms, paint) {
    const c = this.context;
    const gap = Math.max(FLOW.closest, FLOW.widest - 9 * Math.log10(rate / 10));
    c.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
    c.globalAlpha = 0.55;
    c.strokeStyle = paint.ink;
    c.lineWidth = FLOW.dot;
    c.lineCap = 'round';
    c.setLineDash([0.1, gap]);
    c.lineDashOffset = (forth ? -1 : 1) * ((ms * FLOW.speed) % gap);
    c.stroke(new Path2D(path.data(0, path.length, forth ? LANE : -LANE)));
    c.setTransform(1, 0, 0, 1, 0, 0);
    c.setLineDash([]);
    c.globalAlpha = 1;
  }

  /** The message at a point. @param {number} x @param {number} y @returns {Spot | undefined} */
  hit(x, y) {
    let best;
    let near = 18;
    for (const spot of this.#spots) {
      const far = Math.hypot(spot.x - x, spot.y - y);
      if (far <= near) [best, near] = [spot, far];
    }
    return best;
  }

  /**
   * The picture of a message, as large as it is shown: to scale it each time would take longer.
   * @param {Float64Array} packets @param {number} i its row @param {string[]} kinds
   * @param {(write: number) => number} hueOf @param {Paint} paint
   */
  #sprite(packets, i, kinds, hueOf, paint) {
    const write = packets[i + 5];
    const entries = Math.min(packets[i + 6], 99);
    const again = packets[i + 7] === 2;
    const hue = write ? hueOf(write) : 0;
    const key = (((write * 100 + entries) * 2 + Number(again)) * 16 + packets[i + 4]) * 360 + hue;
    const known = this.#sprites.get(key);
    if (known !== undefined) return known;
    if (this.#sprites.size >= KEPT) {
      const [[oldest, dropped]] = this.#sprites;
      this.#sprites.delete(oldest);
      dropped.close();
    }
    const c = this.#easel;
    const zoom = this.#ratio * this.#scale;
    // This clears it, too.
    c.canvas.width = c.canvas.height = Math.ceil(SIZE * zoom);
    c.scale(zoom, zoom);
    c.translate(SIZE / 2, SIZE / 2);
    shape(c, kinds[packets[i + 4]], write, entries, write ? paint.fill(hueOf(write)) : paint.ink, paint);
    if (again) {
      c.setLineDash([3, 3]);
      c.lineWidth = 1.5;
      c.strokeStyle = paint.ink;
      c.beginPath();
      c.arc(0, 0, 15, 0, 7);
      c.stroke();
    }
    const sprite = c.canvas.transferToImageBitmap();
    this.#sprites.set(key, sprite);
    return sprite;
  }
}

/** @param {OffscreenCanvasRenderingContext2D} c @param {string} kind @param {number} write @param {number} entries @param {string} colour @param {Paint} paint */
function shape(c, kind, write, entries, colour, paint) {
  c.lineJoin = c.lineCap = 'round';
  c.lineWidth = 1.6;
  const solid = (/** @type {() => void} */ outline) => {
    c.beginPath();
    outline();
    c.fillStyle = colour;
    c.fill();
    c.strokeStyle = paint.paper;
    c.lineWidth = 2;
    c.stroke();
    c.beginPath();
    outline();
    c.fill();
  };
  const hollow = (/** @type {() => void} */ outline) => {
    c.beginPath();
    outline();
    c.fillStyle = paint.paper;
    c.fill();
    c.strokeStyle = colour;
    c.lineWidth = 1.8;
    c.stroke();
  };
  const sign = (/** @type {string} */ text, /** @type {string} */ fill, y = 0) => {
    c.fillStyle = fill;
    c.font = `700 ${text.length > 3 ? 8 : text.length > 2 ? 9.5 : 11.5}px system-ui, sans-serif`;
    c.textAlign = 'center';
    c.textBaseline = 'middle';
    c.fillText(text, 0, y + 0.6);
  };
  switch (kind) {
    case 'entries': // a round bead; more than one lie behind each other
      if (entries > 1) {
        c.globalAlpha = 0.55;
        c.beginPath();
        c.arc(-4, 3, 10, 0, 7);
        c.fillStyle = colour;
        c.fill();
        c.globalAlpha = 1;
      }
      solid(() => c.arc(0, 0, 10.5, 0, 7));
      sign(String(write || ''), paint.on);
      if (entries > 1) {
        c.beginPath();
        c.arc(10, -10, 6.4, 0, 7);
        c.fillStyle = paint.ink;
        c.fill();
        c.fillStyle = paint.paper;
        c.font = '700 8px system-ui, sans-serif';
        c.fillText(String(entries), 10, -9.5);
      }
      break;
    case 'write': // a request: square
      solid(() => c.roundRect(-10, -10, 20, 20, 4));
      sign(String(write || '✎'), paint.on);
      break;
    case 'read':
      hollow(() => c.roundRect(-9.5, -9.5, 19, 19, 4));
      sign('?', paint.ink);
      break;
    case 'answer': // a speech bubble
      hollow(() => bubble(c));
      if (write) sign(String(write), paint.ink, -2);
      else tick(c, 0, -2, paint.ink);
      break;
    case 'error':
      hollow(() => bubble(c));
      sign('!', paint.ink, -2);
      break;
    case 'acknowledge': // small, with a tick
      hollow(() => c.arc(0, 0, 6.5, 0, 7));
      tick(c, 0, 0, colour, 0.62);
      break;
    case 'snapshot': // a whole database
      hollow(() => {
        c.ellipse(0, -7, 10, 3.6, 0, 0, 7);
        c.moveTo(10, -7);
        c.lineTo(10, 7);
        c.ellipse(0, 7, 10, 3.6, 0, 0, Math.PI);
        c.lineTo(-10, -7);
      });
      sign(String(write || ''), paint.ink, 2);
      break;
    case 'watch': // a sign of life: faint
      c.globalAlpha = 0.5;
      c.beginPath();
      c.arc(0, 0, 2.6, 0, 7);
      c.fillStyle = paint.ink;
      c.fill();
      c.globalAlpha = 1;
      break;
    default: // connect, closed
      hollow(() => c.arc(0, 0, 6, 0, 7));
      c.beginPath();
      if (kind === 'closed') {
        c.moveTo(-2.4, -2.4);
        c.lineTo(2.4, 2.4);
        c.moveTo(2.4, -2.4);
        c.lineTo(-2.4, 2.4);
      } else {
        c.moveTo(-3, 0);
        c.lineTo(3, 0);
        c.moveTo(0, -3);
        c.lineTo(0, 3);
      }
      c.stroke();
  }
}

/** @param {OffscreenCanvasRenderingContext2D} c */
function bubble(c) {
  c.moveTo(-7, -12);
  c.arcTo(11, -12, 11, 8, 5);
  c.arcTo(11, 8, -11, 8, 5);
  c.lineTo(1, 8);
  c.lineTo(-5, 13);
  c.lineTo(-4, 8);
  c.arcTo(-11, 8, -11, -12, 5);
  c.arcTo(-11, -12, 11, -12, 5);
  c.closePath();
}

/** @param {OffscreenCanvasRenderingContext2D} c @param {number} x @param {number} y @param {string} colour @param {number} [scale] */
function tick(c, x, y, colour, scale = 1) {
  c.beginPath();
  c.moveTo(x - 4.5 * scale, y);
  c.lineTo(x - 1.2 * scale, y + 3.6 * scale);
  c.lineTo(x + 5 * scale, y - 4 * scale);
  c.strokeStyle = colour;
  c.lineWidth = 1.8;
  c.stroke();
}
