/** Draws samples from -1 to 1 as a line across the canvas. */
export function drawCurve(canvas: HTMLCanvasElement, samples: readonly number[]): void {
  const context = canvas.getContext("2d");
  if (context === null) return;
  const { width, height } = canvas;
  context.clearRect(0, 0, width, height);
  context.lineWidth = 3;
  context.strokeStyle = getComputedStyle(canvas).color;
  context.beginPath();
  for (const [i, sample] of samples.entries()) {
    context.lineTo((i / (samples.length - 1)) * width, height / 2 - (sample * height) / 2.2);
  }
  context.stroke();
}
