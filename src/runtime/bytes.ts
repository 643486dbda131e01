/** Bytes between calls and streams of Node and the web: uploads, downloads, and uploads that outlive servers. */
export type { ByteSource, WebByteStream } from "./bytes/byte-source.js";
export { readBytes } from "./bytes/read-bytes.js";
export { releaseBytes } from "./bytes/release-bytes.js";
export { resumeUpload } from "./bytes/resume-upload.js";
export { type SendBytesOptions, type SentBytes, sendBytes } from "./bytes/send-bytes.js";
export type { ResumeUploadOptions, UploadResumeEvent } from "./bytes/upload-options.js";
export type { AttemptOptions } from "./resume/resume-options.js";
export type { ResumeAction, StatusActions, StatusName } from "./resume/status-actions.js";
