import { STAGES, type FaceReport, type TimingsMs } from '../../domain/analysis.js'
import type { DetectedFace } from '../../domain/face.js'
import type { ImageInfo } from '../../domain/image.js'
import type { QualityReport } from '../../domain/quality.js'
import type { FpirPrediction, ScoreThreshold } from '../../domain/threshold.js'
import type { Timestamp } from '../../generated/google/protobuf/Timestamp.js'
import type { DetectedFace as DetectedFaceProto } from '../../generated/portcullis/v1/DetectedFace.js'
import type { FaceReport as FaceReportProto } from '../../generated/portcullis/v1/FaceReport.js'
import type { FpirPrediction as FpirPredictionProto } from '../../generated/portcullis/v1/FpirPrediction.js'
import type { ImageInfo as ImageInfoProto } from '../../generated/portcullis/v1/ImageInfo.js'
import type { QualityReport as QualityReportProto } from '../../generated/portcullis/v1/QualityReport.js'
import type { ScoreThreshold as ScoreThresholdProto } from '../../generated/portcullis/v1/ScoreThreshold.js'
import type { StageTiming } from '../../generated/portcullis/v1/StageTiming.js'

// What several responses have in common, from the domain onto the wire.

/** @param epochMs epoch milliseconds, before or after 1970 */
export function timestampToProto(epochMs: number): Timestamp {
  const seconds = Math.floor(epochMs / 1000)
  return { seconds, nanos: Math.round((epochMs - seconds * 1000) * 1e6) }
}

export function imageInfoToProto(image: ImageInfo): ImageInfoProto {
  return { format: image.format, widthPx: image.widthPx, heightPx: image.heightPx }
}

export function faceToProto(face: DetectedFace): DetectedFaceProto {
  return { box: face.box, landmarks: [...face.landmarks], detectionScore: face.score }
}

export function qualityToProto(report: QualityReport): QualityReportProto {
  return { quality: report.quality, algorithm: report.algorithm, components: [...report.components] }
}

export function faceReportToProto(report: FaceReport): FaceReportProto {
  return { face: faceToProto(report.face), quality: report.quality === null ? null : qualityToProto(report.quality) }
}

/** The stages that were reached, in their order. */
export function timingsToProto(timings: TimingsMs): StageTiming[] {
  return STAGES.flatMap((stage) => {
    const durationMs = timings[stage]
    return durationMs === undefined ? [] : [{ stage, durationMs }]
  })
}

export function thresholdToProto(threshold: ScoreThreshold): ScoreThresholdProto {
  return {
    score: threshold.score,
    source: threshold.source,
    ...(threshold.fmr === null ? {} : { fmr: threshold.fmr }),
    measuredOn: threshold.measuredOn,
    scale: threshold.scale,
    fpir: threshold.fpir === null ? null : predictionToProto(threshold.fpir),
  }
}

function predictionToProto({ target, ...prediction }: FpirPrediction): FpirPredictionProto {
  return target === null ? prediction : { ...prediction, target }
}
