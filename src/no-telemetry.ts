// Imported before anything that loads onnxruntime, in the thread that starts the others: worker threads see the environment that
// the process had when they began.
//
// onnxruntime 1.29 and later sends telemetry to its makers unless this is set before it starts (microsoft/onnxruntime, docs/Privacy.md
// and pull request 27379): a device id in the home folder, and events about models and runs. A service that looks for people on a watchlist
// tells nobody that it does.
process.env.ORT_DISABLE_TELEMETRY = '1'
process.env.ORT_TELEMETRY_DISABLED = '1' // the name in later versions
