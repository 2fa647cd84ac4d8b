/** `Result.technique` of the predictor's own metrics; it is no technique and has no row. */
export const measurementPredictorId = 'measurement-predictor';
