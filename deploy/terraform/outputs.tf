output "instance_id" {
  description = "OCID of the instance"
  value       = oci_core_instance.gateway.id
}

output "private_ip" {
  description = "Private address of the instance; the gateway listens on its loopback address"
  value       = oci_core_instance.gateway.private_ip
}
