// The frames of the page: the only place that asks the browser for one. All that moves, moves from here.

export class Frame {
  #asked = 0;
  #awake = true;
  #drawing = false;
  #act;
  /** To be done once the next frame is drawn. @type {(() => void)[]} */ #after = [];

  /** @param {(now: number) => boolean} act draws a frame, ms; whether another one follows by itself */
  constructor(act) {
    this.#act = act;
  }

  /** Something is to be drawn. */
  ask() {
    if (this.#awake && this.#asked === 0) this.#asked = requestAnimationFrame(() => this.#next());
  }
  /** Once what was asked for is on the page. @param {() => void} act */
  after(act) {
    this.#after.push(act);
    if (!this.#drawing) this.ask();
  }
  /** It rests while nobody can see it. @param {boolean} awake */
  setAwake(awake) {
    this.#awake = awake;
    if (awake) this.ask();
  }
  close() {
    cancelAnimationFrame(this.#asked);
    this.#awake = false;
  }

  #next() {
    this.#asked = 0;
    this.#drawing = true;
    const goesOn = this.#act(performance.now());
    this.#drawing = false;
    for (const act of this.#after.splice(0)) act();
    if (goesOn) this.ask();
  }
}
