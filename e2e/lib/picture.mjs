const DRAWING = `<style>
  body { margin: 0; background: linear-gradient(120deg, #e4eefb, #f1eafc); }
  i { position: absolute; border-radius: 40px; }
</style>
<i style="inset: 60px auto auto 70px; width: 260px; height: 240px; background: #1459c7"></i>
<i style="inset: 110px auto auto 250px; width: 220px; height: 200px; background: #6a35c2; opacity: .85"></i>
<i style="inset: 40px auto auto 430px; width: 140px; height: 280px; background: #82b4ff"></i>`;

/** A drawing to share, as PNG. */
export async function drawing(browser) {
  const page = await browser.newPage({ viewport: { width: 640, height: 360 } });
  await page.setContent(DRAWING);
  const bytes = await page.screenshot();
  await page.close();
  return bytes;
}
