// Where one looks at a drawing from.
import type { Box, Drawing, Point } from "../layout";

/** The upper left corner of what is seen, in the drawing's units, and pixels for each of them. */
export interface Camera extends Point {
  zoom: number;
}

export interface Size {
  width: number;
  height: number;
}

const [SMALLEST, LARGEST] = [0.05, 4];

/** All of the drawing in the middle; a small one is not blown up. */
export function whole(drawing: Drawing, size: Size): Camera {
  if (drawing.width === 0 || drawing.height === 0) {
    return { x: 0, y: 0, zoom: 1 };
  }
  const zoom = Math.min(1, size.width / drawing.width, size.height / drawing.height);
  return {
    x: (drawing.width - size.width / zoom) / 2,
    y: (drawing.height - size.height / zoom) / 2,
    zoom,
  };
}

/** Nearer or farther; what is below `at`, in pixels, stays there. */
export function zoomed(camera: Camera, factor: number, at: Point): Camera {
  const zoom = Math.min(LARGEST, Math.max(SMALLEST, camera.zoom * factor));
  return {
    x: camera.x + at.x / camera.zoom - at.x / zoom,
    y: camera.y + at.y / camera.zoom - at.y / zoom,
    zoom,
  };
}

/** A camera that shows a box which the given one does not show all of; `undefined` if it does. */
export function centred(camera: Camera, box: Box, size: Size): Camera | undefined {
  const [width, height] = [size.width / camera.zoom, size.height / camera.zoom];
  const seen =
    box.x - box.width / 2 >= camera.x &&
    box.x + box.width / 2 <= camera.x + width &&
    box.y - box.height / 2 >= camera.y &&
    box.y + box.height / 2 <= camera.y + height;
  return seen ? undefined : { x: box.x - width / 2, y: box.y - height / 2, zoom: camera.zoom };
}
