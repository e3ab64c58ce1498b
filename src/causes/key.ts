/** Causes in the private key of a user. */
export const KEY_CAUSES = {
  key_missing: {
    wrong: '{setting} names "{path}", which does not exist',
    fix: '{change}',
  },
  key_not_set: {
    wrong: 'there is no private key: {problem}',
    fix: '{change}',
  },
  key_no_pem: {
    wrong:
      '{place} is not a private key in PEM format: it has no line such as "-----BEGIN PRIVATE KEY-----"',
    fix: '{change}',
  },
  key_truncated: {
    wrong: 'the private key in {place} has no "-----END" line. Copy the complete key again',
    fix: '{change}',
  },
  key_damaged: {
    wrong: 'the data of the private key in {place} is damaged. Copy the complete key again',
    fix: '{change}',
  },
  key_public: {
    wrong: 'the key in {place} is a public key. Use the private key that belongs to it',
    fix: '{change}',
  },
  key_not_rsa: {
    wrong:
      'the private key in {place} is not an RSA key, and OCI accepts only RSA. Create one, and ' +
      'upload its public key in the Console: My profile > API keys',
    fix: 'oci setup keys',
  },
  key_openssh: {
    wrong: 'the private key in {place} is in OpenSSH format',
    fix: 'ssh-keygen -p -N "" -m pkcs8 -f {quoted}',
  },
  passphrase_missing: {
    wrong: 'the private key in {place} is encrypted and no passphrase is set',
    fix: '{change}',
  },
  passphrase_wrong: {
    wrong: 'the passphrase, {setting}, does not decrypt the private key in {place}',
    fix: '{change}',
  },
  key_encryption: {
    wrong: 'the private key in {place} is encrypted in a way that is not supported. {problem}',
    fix:
      'openssl pkcs8 -topk8 -v2 aes-256-cbc -in {quoted} -out {quoted}.new && mv {quoted}.new {quoted}',
  },
  fingerprint_mismatch: {
    wrong: 'the configured fingerprint is "{configured}", but the private key has "{computed}"',
    fix: '{change}',
  },
  fingerprint_unconfirmed: {
    wrong: 'the configured fingerprint is "{configured}", but the private key has "{computed}", ' +
      'and OCI cannot be asked which of them is right. If this key is the uploaded one, use its ' +
      'fingerprint, else correct {setting}',
    fix: '{change}',
  },
  key_file_of_other_key: {
    wrong: 'the configured fingerprint is "{configured}", but the private key has "{computed}". ' +
      '"{path}" has the configured one: {setting} names another key',
    fix: '{change}',
  },
  key_of_other_fingerprint: {
    wrong: 'the configured fingerprint is "{configured}", but the private key has "{computed}", ' +
      'which OCI does not accept for this user: {setting} names another key than the uploaded one',
    fix: '{change}',
  },
} as const
