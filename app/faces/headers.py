"""What every page of ours carries, whichever face shows it: no inline script, no frame, no cache, no foreign part."""

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src {images}; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
CONTENT_POLICY = _POLICY.format(images="'self'")
# For pages whose own styles draw with pictures inside the sheet.
CONTENT_POLICY_WITH_DATA_IMAGES = _POLICY.format(images="'self' data:")
HEADERS = {
    "content-security-policy": CONTENT_POLICY,
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
}
# For pages that are nobody's to find: staff's, a person's own, the simulated phones.
HIDDEN_HEADERS = HEADERS | {
    "content-security-policy": CONTENT_POLICY_WITH_DATA_IMAGES,
    "x-robots-tag": "noindex, nofollow",
}
STRICT_TRANSPORT = {"strict-transport-security": "max-age=31536000; includeSubDomains"}
