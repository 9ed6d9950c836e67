// Mouse, pen and finger on a picture.

/**
 * Call `onPoint({x, y})`, in CSS pixels from the corner of the element (or of `frame`), on press, drag and release; then `onEnd()`.
 * With `hover`, a mouse need not press.
 * A finger counts only once it moves sideways or lifts: until then it may be about to scroll the page.
 */
export function followPointer(element, onPoint, { signal, frame = element, hover = false, onEnd = () => {} }) {
  let active = false;
  const point = (event) => {
    const box = frame.getBoundingClientRect();
    onPoint({ x: event.clientX - box.left, y: event.clientY - box.top });
  };
  element.addEventListener(
    "pointerdown",
    (event) => {
      if (event.button !== 0) return;
      active = true;
      element.setPointerCapture(event.pointerId);
      if (event.pointerType !== "touch") point(event);
    },
    { signal },
  );
  element.addEventListener("pointermove", (event) => (active || (hover && event.pointerType === "mouse")) && point(event), {
    signal,
  });
  element.addEventListener(
    "pointerup",
    (event) => {
      if (!active) return;
      active = false;
      point(event);
      onEnd();
    },
    { signal },
  );
  element.addEventListener("pointercancel", () => (active = false), { signal });
}
