import type { ExtractedFace, FaceAnalysis } from '../../domain/analysis.js'
import type { AssessResponse } from '../../generated/portcullis/v1/AssessResponse.js'
import type { ExtractedFace as ExtractedFaceProto } from '../../generated/portcullis/v1/ExtractedFace.js'
import type { ExtractResponse } from '../../generated/portcullis/v1/ExtractResponse.js'
import type { Extraction } from '../../services/templates.js'
import { faceReportToProto, imageInfoToProto, timingsToProto } from './reports.js'

// QualityService and TemplateService: what the face pipeline found in one image.

export function assessmentToProto(analysis: FaceAnalysis): AssessResponse {
  return {
    image: imageInfoToProto(analysis.image),
    faces: analysis.faces.map(faceReportToProto),
    timings: timingsToProto(analysis.timingsMs),
  }
}

export function extractionToProto(extraction: Extraction): ExtractResponse {
  return { ...assessmentToProto(extraction), extracted: extraction.extracted.map(extractedToProto) }
}

function extractedToProto({ faceIndex, template }: ExtractedFace): ExtractedFaceProto {
  return { faceIndex, template: { algorithm: template.algorithm, features: [...template.features] } }
}
