// A window on a drawing that is larger: moved by dragging, arrow keys and touch, zoomed by
// the wheel, two fingers, plus and minus.
const least = 0.05;
const most = 4;

export class Viewport {
  // bounds are left, top, width and height of what group draws.
  constructor(place, group, bounds) {
    Object.assign(this, { place, group, bounds, scale: 1, x: 0, y: 0, fingers: new Map(), fitted: least });
    Viewport.listening?.abort(); // of the drawing that was here before
    Viewport.listening = new AbortController();
    const on = (kind, listener, options) => place.addEventListener(kind, listener, { signal: Viewport.listening.signal, ...options });
    on('wheel', (event) => this.wheel(event), { passive: false });
    on('pointerdown', (event) => this.press(event));
    on('pointermove', (event) => this.drag(event));
    for (const kind of ['pointerup', 'pointercancel', 'pointerleave']) on(kind, ({ pointerId }) => this.fingers.delete(pointerId));
    on('dragstart', (event) => event.preventDefault()); // of a link, which browsers would carry away
    // A click at the end of a drag is none; one by the keyboard has no detail.
    on('click', (event) => { if (event.detail > 0 && this.moved > 5) event.preventDefault(); }, { capture: true });
    on('keydown', (event) => this.key(event));
  }

  // fit shows all of the drawing, but at no less than a scale at which it can be read;
  // then its left upper part is shown.
  fit(smallest) {
    const { left, top, width, height } = this.bounds;
    const room = { width: this.place.clientWidth, height: this.place.clientHeight };
    this.fitted = smallest;
    this.touched = false;
    this.scale = Math.min(1.2, Math.max(Math.min(room.width / width, room.height / height), smallest));
    this.x = this.align(room.width, width * this.scale) - left * this.scale;
    this.y = this.align(room.height, height * this.scale) - top * this.scale;
    this.apply();
  }

  align(room, length) { return length < room ? (room - length) / 2 : 0; }

  // resize fits again when the window changes, unless a person has moved the drawing.
  resize() { if (!this.touched) this.fit(this.fitted); }

  zoom(factor, at = { x: this.place.clientWidth / 2, y: this.place.clientHeight / 2 }) {
    const scale = Math.min(most, Math.max(least, this.scale * factor));
    this.x = at.x - ((at.x - this.x) * scale) / this.scale;
    this.y = at.y - ((at.y - this.y) * scale) / this.scale;
    this.scale = scale;
    this.touched = true;
    this.apply();
  }

  pan(x, y) {
    this.x += x;
    this.y += y;
    this.touched = true;
    this.apply();
  }

  apply() {
    this.group.setAttribute('transform', `translate(${this.x.toFixed(2)} ${this.y.toFixed(2)}) scale(${this.scale.toFixed(4)})`);
    this.place.dataset.scale = this.scale.toFixed(3);
  }

  // reveal moves the drawing as far as an element of it needs to be seen.
  reveal(element) {
    const frame = this.place.getBoundingClientRect();
    const box = element.getBoundingClientRect();
    const shift = (from, to, low, high) => (from < low ? low - from : to > high ? Math.max(high - to, low - from) : 0);
    const [x, y] = [shift(box.left, box.right, frame.left + 20, frame.right - 20), shift(box.top, box.bottom, frame.top + 20, frame.bottom - 20)];
    if (x || y) this.pan(x, y);
  }

  at(event) {
    const frame = this.place.getBoundingClientRect();
    return { x: event.clientX - frame.left, y: event.clientY - frame.top };
  }

  wheel(event) {
    event.preventDefault();
    this.zoom(Math.exp(-event.deltaY * (event.deltaMode === 1 ? 0.05 : 0.0015)), this.at(event));
  }

  press(event) {
    if (event.button !== 0) return;
    if (this.fingers.size === 0) this.moved = 0;
    this.fingers.set(event.pointerId, this.at(event));
  }

  drag(event) {
    const before = this.fingers.get(event.pointerId);
    if (!before) return;
    const now = this.at(event);
    const other = [...this.fingers].find(([id]) => id !== event.pointerId)?.[1];
    const distance = (point) => Math.hypot(point.x - other.x, point.y - other.y);
    if (other) this.zoom(distance(now) / Math.max(distance(before), 1), { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 });
    else this.pan(now.x - before.x, now.y - before.y);
    this.moved += Math.abs(now.x - before.x) + Math.abs(now.y - before.y);
    this.fingers.set(event.pointerId, now);
  }

  key(event) {
    const steps = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] };
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (steps[event.key]) this.pan(...steps[event.key]);
    else if (event.key === '+' || event.key === '=') this.zoom(1.25);
    else if (event.key === '-') this.zoom(0.8);
    else if (event.key === '0') this.fit(least);
    else return;
    event.preventDefault();
  }
}
