export function resolveLimits(options) {
    return {
        maxReceiveMessageBytes: options.maxReceiveMessageBytes ?? 4 * 1024 * 1024,
        maxSendMessageBytes: options.maxSendMessageBytes ?? Number.POSITIVE_INFINITY,
        maxMetadataBytes: options.maxMetadataBytes ?? 65_535,
        streamWindowBytes: options.streamWindowBytes ?? 1024 * 1024,
        connectionWindowBytes: options.connectionWindowBytes ?? 16 * 1024 * 1024,
        maxConnectionMemoryMb: options.maxConnectionMemoryMb ?? 512,
    };
}
/** The options of node:http2 that follow from the limits. */
export function sessionOptions(limits) {
    return {
        settings: {
            initialWindowSize: limits.streamWindowBytes,
            maxHeaderListSize: limits.maxMetadataBytes,
            enablePush: false,
        },
        maxSessionMemory: limits.maxConnectionMemoryMb,
        maxSendHeaderBlockLength: 1024 * 1024,
    };
}
