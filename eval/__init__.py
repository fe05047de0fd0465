"""How the product is judged: sets, measures, runs, reports and the gate against regressions."""
