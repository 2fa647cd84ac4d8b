# Golden values of DeLong's interval and paired test from pROC, and of Holm's adjustment from base R.
# Run: Rscript stats-delong.R   (needs pROC and jsonlite; writes ../stats-delong.golden.json)
suppressMessages(library(pROC))
library(jsonlite)

set.seed(2)
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)))

example_set <- function(name, positives, negatives, shift_a, shift_b, digits, shared = 0.5) {
  truth <- c(rep(1, positives), rep(0, negatives))
  common <- rnorm(length(truth))
  score <- function(shift) round(shift * truth + shared * common + rnorm(length(truth)), digits)
  a <- score(shift_a)
  b <- score(shift_b)
  order <- sample(length(truth))
  describe(name, truth[order], a[order], b[order])
}

describe <- function(name, truth, a, b) {
  curve <- function(x) roc(truth, x, levels = c(0, 1), direction = "<", quiet = TRUE)
  interval <- function(x, level) as.numeric(ci.auc(curve(x), method = "delong", conf.level = level))
  logit_interval <- function(x) {
    estimate <- as.numeric(auc(curve(x)))
    half <- qnorm(0.975) * sqrt(var(curve(x), method = "delong")) / (estimate * (1 - estimate))
    plogis(qlogis(estimate) + c(-half, half))
  }
  test <- roc.test(curve(a), curve(b), method = "delong", paired = TRUE, conf.level = 0.95)
  list(
    name = name, positives = truth, a = a, b = b,
    varianceA = var(curve(a), method = "delong"), intervalA = interval(a, 0.95), logitIntervalA = logit_interval(a),
    difference = unname(test$estimate[1] - test$estimate[2]),
    differenceInterval = as.numeric(test$conf.int), pValue = test$p.value
  )
}

p <- c(0.01, 0.04, 0.03, 0.005, 0.6, 0.04, 0.9)
golden <- list(
  madeWith = list(R = unbox(as.character(getRversion())), pROC = unbox(as.character(packageVersion("pROC")))),
  comparisons = list(
    example_set("balanced", 60, 60, 1.2, 0.8, 6),
    example_set("ties", 80, 50, 1.0, 0.6, 0),
    example_set("rare positives", 8, 200, 1.5, 1.5, 2),
    example_set("no signal", 40, 40, 0, 0, 1),
    example_set("near perfect, cut at 1", 12, 12, 2.6, 2, 3),
    example_set("below one half", 50, 70, -1, 0.5, 2),
    example_set("two positives", 2, 30, 1, 0.5, 2)
  ),
  holm = list(p = p, expected = p.adjust(p, "holm"))
)
for (i in seq_along(golden$comparisons)) {
  for (field in c("name", "varianceA", "difference", "pValue")) {
    golden$comparisons[[i]][[field]] <- unbox(golden$comparisons[[i]][[field]])
  }
}
writeLines(toJSON(golden, digits = NA), file.path(here, "..", "stats-delong.golden.json"))
