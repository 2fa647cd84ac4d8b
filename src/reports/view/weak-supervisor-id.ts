/** `Result.technique` of the weak labels' own metrics; it is no technique. */
export const weakSupervisorId = 'weak-supervisor';
