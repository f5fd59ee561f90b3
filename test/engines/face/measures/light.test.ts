import { expect } from 'chai'
import type { RgbImage } from '../../../../src/domain/image.js'
import { measureLight } from '../../../../src/engines/face/measures/light.js'
import { anImage, checkerboard, flat } from '../../../support/images.js'

// Goal: sharpness, exposure and contrast mean what an operator understands by them. Method: crops with known answers.
const SIDE_PX = 128

function measure(crop: RgbImage) {
  const [sharpness, exposure, contrast] = measureLight(crop)
  if (sharpness === undefined || exposure === undefined || contrast === undefined)
    throw new Error('a measure is missing')
  return { sharpness, exposure, contrast }
}

/** Vertical stripes 128 ± 60 of one period: a picture that is the smoother the longer its period is. */
function stripes(periodPx: number): RgbImage {
  return anImage(SIDE_PX, SIDE_PX, (x) => {
    const tone = Math.round(128 + 60 * Math.sin((2 * Math.PI * x) / periodPx))
    return [tone, tone, tone]
  })
}

describe('measureLight()', () => {
  it('finds flat grey well exposed, without contrast and not sharp', () => {
    const { sharpness, exposure, contrast } = measure(flat(SIDE_PX, SIDE_PX, 128))
    expect([sharpness.nativeQuality, exposure.nativeQuality, contrast.nativeQuality]).to.deep.equal([0, 128, 0])
    expect([sharpness.quality, exposure.quality, contrast.quality]).to.deep.equal([0, 100, 0])
    expect(sharpness.sentence).to.equal('The face is blurred: hold still, focus, or add light. (0.000 ratio)')
    expect(exposure.sentence).to.equal('The face is well exposed. (128 grey levels)')
    expect(contrast.sentence).to.match(/^The face has too little contrast: .* \(0 grey levels\)$/)
  })

  it('says whether there is too little light or too much', () => {
    const [black, white] = [measure(flat(SIDE_PX, SIDE_PX, 0)).exposure, measure(flat(SIDE_PX, SIDE_PX, 255)).exposure]
    expect([black.quality, white.quality]).to.deep.equal([0, 0])
    expect(black.sentence).to.equal('The face is too dark: add light. (0 grey levels)')
    expect(white.sentence).to.equal('The face is too bright: reduce the light. (255 grey levels)')
  })

  it('weighs the colours as the eye does: red, green and blue of BT.601', () => {
    const tone = (r: number, g: number, b: number) => measure(anImage(8, 8, () => [r, g, b])).exposure.nativeQuality
    expect(tone(255, 0, 0)).to.be.closeTo(76.2, 0.1)
    expect(tone(0, 255, 0)).to.be.closeTo(149.7, 0.1)
    expect(tone(0, 0, 255)).to.be.closeTo(29.1, 0.1)
  })

  it('measures contrast as the deviation from the mean: 96 and 160 deviate by 32', () => {
    const { contrast, exposure } = measure(checkerboard(SIDE_PX, 8, 96, 160))
    expect(contrast.nativeQuality).to.be.closeTo(32, 0.01)
    expect(contrast.quality).to.be.at.least(90)
    expect(exposure.nativeQuality).to.be.closeTo(128, 0.01)
  })

  it('finds a pixel checkerboard as sharp as can be: the Laplacian is ±4 · 64, its variance over 32² is 64', () => {
    const { sharpness } = measure(checkerboard(SIDE_PX, 1, 96, 160))
    expect(sharpness.nativeQuality).to.be.closeTo(64, 0.01)
    expect(sharpness.quality).to.equal(100)
    expect(sharpness.sentence).to.match(/^The face is sharp\./)
  })

  it('finds stripes the less sharp the wider they are: (2 − 2 cos 2π/period)²', () => {
    const natives = [4, 8, 16, 32, 64].map((periodPx) => measure(stripes(periodPx)).sharpness.nativeQuality)
    const expected = [4, 0.343, 0.0232, 0.00148, 0.00009]
    natives.forEach((native, i) =>
      expect(native).to.be.closeTo(expected[i] as number, 0.03 * (expected[i] as number) + 5e-4),
    )
    expect(measure(stripes(8)).sharpness.quality).to.be.greaterThan(measure(stripes(16)).sharpness.quality)
    expect(measure(stripes(64)).sharpness.quality).to.be.lessThan(40)
  })

  it('does not take contrast for sharpness', () => {
    const weak = measure(checkerboard(SIDE_PX, 4, 118, 138)).sharpness.nativeQuality
    const strong = measure(checkerboard(SIDE_PX, 4, 28, 228)).sharpness.nativeQuality
    expect(weak).to.be.closeTo(strong, 1e-3)
  })
})
